/** Decimals that a label keeps for pixels. */
export const pixelDecimals = 3;

const scale = 10 ** pixelDecimals;

function evenInteger(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** Rounds to 3 decimals, half to even: the same steps as the server, so that both give the same digest. */
export function roundPixels(value: number): number {
  // Beyond 2^53 there are no fractions left to round, and scaling would lose digits.
  if (!Number.isFinite(value) || Math.abs(value) >= 1e12) return value;
  const rounded = evenInteger(value * scale) / scale;
  return rounded === 0 ? 0 : rounded;
}
