import en from './en.json' with { type: 'json' };

type Catalogue = typeof en;
/** Every key of the catalogue; a key that is not there does not compile. */
export type TextKey = keyof Catalogue;
type PluralStem<K> = K extends `${infer Stem}.other` ? Stem : never;
/** A key with a form for each plural category of the language: `stem.one`, `stem.other`, … */
export type PluralKey = PluralStem<TextKey>;
export type TextParams = Readonly<Record<string, string | number>>;

/** Languages that the product speaks. A language joins by its file; what it lacks falls back to English. */
const catalogues = { en } as const satisfies Record<string, Partial<Record<TextKey, string>>>;
export type Language = keyof typeof catalogues;

let language: Language = 'en';
let texts: Partial<Record<string, string>> = catalogues[language];
let plurals = new Intl.PluralRules(language);

/** Chooses the language of everything that is said from now on; the page is drawn anew by its caller. */
export function speak(next: Language): void {
  language = next;
  texts = catalogues[next];
  plurals = new Intl.PluralRules(next);
}

export const currentLanguage = (): Language => language;

function fill(text: string, params: TextParams): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : typeof value === 'number' ? figure(value) : value;
  });
}

/** The text of a key, with its `{params}` filled in. */
export function t(key: TextKey, params: TextParams = {}): string {
  return fill(texts[key] ?? en[key], params);
}

/** The text for a count, in the plural form of the language; `{count}` is the count. */
export function tn(stem: PluralKey, count: number, params: TextParams = {}): string {
  const form = `${stem}.${plurals.select(count)}`;
  const other = `${stem}.other` as TextKey;
  return fill(texts[form] ?? texts[other] ?? en[other], { ...params, count });
}

/** The text of a key that is made from data (a code, a state), or nothing when the catalogue has none. */
export function tryText(key: string, params: TextParams = {}): string | undefined {
  const text = texts[key] ?? (en as Record<string, string>)[key];
  return text === undefined ? undefined : fill(text, params);
}

/** A figure with thin spaces between thousands. */
export function figure(value: number, digits = 0): string {
  return new Intl.NumberFormat('en', { maximumFractionDigits: digits }).format(value).replaceAll(',', '\u202f');
}

/** Bytes in the unit that a person reads. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let step = 0;
  let rest = value;
  while (rest >= 1000 && step < units.length - 1) {
    rest /= 1000;
    step++;
  }
  return `${figure(rest, step > 0 && rest < 100 ? 1 : 0)}\u202f${units[step]}`;
}

/** Within a day relative, else the date; the full instant with its zone belongs into the tooltip. */
export function when(instant: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(instant) - now) / 1000);
  const size = Math.abs(seconds);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  if (size < 45) return relative.format(0, 'second');
  if (size < 3_600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return relative.format(Math.round(seconds / 3_600), 'hour');
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(instant));
}

export function instantWithZone(instant: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' }).format(new Date(instant));
}

/** The time of day with seconds, as the save state shows it. */
export function clock(instant: string | number | Date): string {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(instant));
}

/** A day of the month, short, for axes. */
export function day(instant: string): string {
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' }).format(new Date(instant));
}
