import en from './en.json';

/** Every key of the catalogue; a key that is not there does not compile. */
export type TextKey = keyof typeof en;

/** The text of a key. */
export function t(key: TextKey): string {
  return en[key];
}
