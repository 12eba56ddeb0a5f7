import type en from './en.json';

type Catalogue = typeof en;
/** Every key of the catalogue; a key that is not there does not compile. */
export type TextKey = keyof Catalogue;
type PluralStem<K> = K extends `${infer Stem}.other` ? Stem : never;
/** A key with a form for each plural category of the language: `stem.one`, `stem.other`, … */
export type PluralKey = PluralStem<TextKey>;
export type TextParams = Readonly<Record<string, string | number>>;

/** The languages that the product speaks, each in its own catalogue that is loaded only when it is spoken. The server has the same list. */
const catalogues = {
  en: () => import('./en.json'),
  de: () => import('./de.json'),
  fr: () => import('./fr.json'),
} as const satisfies Record<string, () => Promise<{ default: Record<string, string> }>>;
export type Language = keyof typeof catalogues;
export const languages = Object.keys(catalogues) as readonly Language[];

const place = 'hybrid.language';
const listeners = new Set<() => void>();
let language: Language = 'en';
let texts: Readonly<Record<string, string>> = {};
let plurals = new Intl.PluralRules(language);

const isLanguage = (name: string | null | undefined): name is Language => languages.some(one => one === name);

/** The first language of a list of tags (`fr-CA`, `de`) that the product speaks, else English. */
export const firstSpoken = (tags: readonly string[]): Language => tags.map(tag => tag.toLowerCase().split('-', 1)[0]).find(isLanguage) ?? 'en';

/** What was spoken here last, so that a page comes up in it before the session has answered; else what the browser asks for. */
export function languageHere(): Language {
  const kept = localStorage.getItem(place);
  return isLanguage(kept) ? kept : firstSpoken(navigator.languages);
}

/** Everything is said in this language from now on. Its catalogue is loaded first: until then the former one is spoken. */
export async function speak(next: Language): Promise<void> {
  const catalogue = await catalogues[next]();
  texts = catalogue.default;
  language = next;
  plurals = new Intl.PluralRules(next);
  if (typeof document !== 'undefined') document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

/** Speaks what the person has chosen, and remembers it on this machine; without a choice the browser's language. */
export async function speakFor(chosen: string | null | undefined): Promise<void> {
  if (isLanguage(chosen)) localStorage.setItem(place, chosen);
  else localStorage.removeItem(place);
  const next = languageHere();
  if (next !== language) await speak(next);
}

export const currentLanguage = (): Language => language;

/** Calls back whenever another language is spoken. */
export function whenLanguageChanges(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The name of a language in itself, which is how a person finds their own. */
export function languageName(one: Language): string {
  const name = new Intl.DisplayNames(one, { type: 'language' }).of(one) ?? one;
  return name.charAt(0).toLocaleUpperCase(one) + name.slice(1);
}

function fill(text: string, params: TextParams): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : typeof value === 'number' ? figure(value) : value;
  });
}

/** The text of a key, with its `{params}` filled in. */
export function t(key: TextKey, params: TextParams = {}): string {
  return fill(texts[key] ?? key, params);
}

/** The text for a count, in the plural form of the language; `{count}` is the count. */
export function tn(stem: PluralKey, count: number, params: TextParams = {}): string {
  const form = `${stem}.${plurals.select(count)}`;
  const other = `${stem}.other` as TextKey;
  return fill(texts[form] ?? texts[other] ?? other, { ...params, count });
}

/** The text of a key that is made from data (a code, a state), or nothing when the catalogue has none. */
export function tryText(key: string, params: TextParams = {}): string | undefined {
  const text = texts[key];
  return text === undefined ? undefined : fill(text, params);
}

/** A figure with the language's decimal sign, and in every language thin spaces between thousands. */
export function figure(value: number, digits = 0): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits })
    .formatToParts(value).map(part => part.type === 'group' ? '\u202f' : part.value).join('');
}

/** Bytes in the unit that a person reads. */
export function bytes(value: number): string {
  const units = language === 'fr' ? ['o', 'ko', 'Mo', 'Go', 'To'] : ['B', 'kB', 'MB', 'GB', 'TB'];
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
