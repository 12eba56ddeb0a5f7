const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

let lastTime = 0;
let sequence = 0;

/** A UUIDv7 (RFC 9562) of the given millisecond; ids of the same millisecond keep the order they were made in. */
export function uuidv7(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  // The 12 bits after the version count up within a millisecond; a clock that steps back keeps the later time.
  if (now > lastTime) {
    lastTime = now;
    sequence = ((bytes[6] ?? 0) & 0x07) << 8 | (bytes[7] ?? 0);
  } else if (++sequence > 0xfff) {
    lastTime++;
    sequence = 0;
  }
  let rest = lastTime;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | (sequence >> 8);
  bytes[7] = sequence & 0xff;
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const text = Array.from(bytes, byte => hex[byte]).join('');
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}
