import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import de from './de.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import fr from './fr.json' with { type: 'json' };
import { bytes, day, figure, firstSpoken, languageName, languages, speak, t, tn, tryText, when, type TextKey } from './index';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter(file => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
  .map(file => readFileSync(`src/${file}`, 'utf8'));
const code = sources.join('\n');
const keys = Object.keys(en);
const others: Readonly<Record<string, Readonly<Record<string, string>>>> = { de, fr };
const catalogues: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, ...others };

/** Keys that are made from data: a state, a role, a code. */
const families = [...code.matchAll(/`([a-zA-Z]+(?:\.[a-zA-Z]+)*)\.\$\{/g)].map(match => `${match[1]}.`);
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(match => match[0]).sort();

/**
 * Refusals that the server words itself, in English. Other languages have their own words for those that people meet; what only programs
 * and agents meet stays as the server says it.
 */
const forPrograms = /^(key|enrolment|rotation|request\.(cross_site|if_match|malformed))(\.|$)|^grant\.one_connection$|^sso\.logout_token_invalid$|^review\.document_needed$/;
const refusals = [...new Set(readdirSync('../Hybrid.ControlPlane', { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.cs') && !/^(bin|obj)\//.test(file))
  .flatMap(file => [...readFileSync(`../Hybrid.ControlPlane/${file}`, 'utf8').matchAll(/ErrorKind\.\w+,\s*"([a-z_.]+)"/g)].map(match => match[1] ?? '')))]
  .filter(one => !forPrograms.test(one));
const refusalKeys = refusals.flatMap(one => [`problem.${one}.what`, `problem.${one}.todo`]);

afterEach(() => speak('en'));

test('every language of the list has a catalogue, and every catalogue is in the list', () => {
  expect([...languages].sort()).toEqual(readdirSync('src/words').filter(file => file.endsWith('.json')).map(file => file.replace('.json', '')).sort());
});

test('every text is used', () => {
  const unused = keys.filter(key => {
    const stem = key.replace(/\.(one|other|few|many|zero|two)$/, '');
    return !code.includes(`'${key}'`) && !code.includes(`'${stem}'`) && !families.some(family => key.startsWith(family));
  });
  expect(unused).toEqual([]);
});

test('every text that is asked for is there', () => {
  const asked = [...code.matchAll(/\bt\('([^']+)'/g)].map(match => match[1] ?? '');
  const counted = [...code.matchAll(/\btn\('([^']+)'/g)].map(match => `${match[1]}.other`);
  expect([...asked, ...counted].filter(key => !keys.includes(key))).toEqual([]);
});

test.each(Object.keys(others))('%s has every text of English, and none besides but refusals of the server', one => {
  const own = others[one] ?? {};
  expect(keys.filter(key => !(key in own)), 'missing').toEqual([]);
  expect(Object.keys(own).filter(key => !keys.includes(key) && !refusalKeys.includes(key)), 'superfluous').toEqual([]);
});

test.each(Object.keys(others))('%s has its own words for every refusal that a person can meet', one => {
  expect(refusals.length).toBeGreaterThan(60);
  expect(refusalKeys.filter(key => !(key in (others[one] ?? {})))).toEqual([]);
});

test.each(Object.keys(others))('%s fills in what English fills in', one => {
  const own = others[one] ?? {};
  const differing = Object.entries(en).filter(([key, text]) => key in own && placeholders(own[key] ?? '').join() !== placeholders(text).join()).map(([key]) => key);
  expect(differing).toEqual([]);
  expect(Object.entries(own).filter(([key, text]) => !(key in en) && placeholders(text).length > 0)).toEqual([]);
});

test.each(Object.keys(catalogues))('%s has each form that its counts ask for, and no text twice or empty', one => {
  const own = catalogues[one] ?? {};
  const counted = Object.keys(own).filter(key => key.endsWith('.one')).map(key => key.replace(/\.one$/, ''));
  expect(counted.filter(stem => !(`${stem}.other` in own))).toEqual([]);
  expect(Object.entries(own).filter(([, text]) => text.trim() === '' || text !== text.trim())).toEqual([]);
  const written = [...readFileSync(`src/words/${one}.json`, 'utf8').matchAll(/^ {2}"([^"]+)":/gm)].map(match => match[1]);
  expect(written.filter((key, place) => written.indexOf(key) !== place)).toEqual([]);
});

test('French has its spaces and apostrophes, German its quotation marks', () => {
  // A colon between letters or figures belongs to an address or a time.
  expect(Object.entries(fr).filter(([, text]) => /[^\s\u202f][;?!»]|[^\s\u202f]:(?!\/\/|\d)|[ \u00a0][;:?!»%]|«[^\u202f]|'/.test(text))).toEqual([]);
  expect(Object.entries(de).filter(([, text]) => /["'«»]/.test(text) || (text.match(/„/g) ?? []).length !== (text.match(/“/g) ?? []).length)).toEqual([]);
});

test('German and French address people formally', () => {
  expect(Object.entries(de).filter(([, text]) => /(?<!\p{L})(du|dich|dir|dein\p{L}*|euch)(?!\p{L})/iu.test(text))).toEqual([]);
  expect(Object.entries(fr).filter(([, text]) => /(?<!\p{L})(tu|toi|ton|tes)(?!\p{L})/iu.test(text))).toEqual([]);
});

test('no text says please, oops or shouts', () => {
  expect(Object.entries(en).filter(([, text]) => /\bplease\b|\boops\b|!/i.test(text))).toEqual([]);
  expect(Object.entries(de).filter(([, text]) => /\bbitte\b|\bhoppla\b|!/i.test(text))).toEqual([]);
  expect(Object.entries(fr).filter(([, text]) => /s’il vous plaît|\boups\b|!/i.test(text))).toEqual([]);
});

test.each(Object.keys(catalogues))('%s: every problem says what happened, what is safe and what to do', async one => {
  await speak(one as (typeof languages)[number]);
  const codes = new Set(keys.filter(key => key.startsWith('problem.asset.') || key.startsWith('problem.worker.')).map(key => key.replace(/\.\w+$/, '')));
  for (const problem of codes) for (const part of ['what', 'safe', 'todo']) expect(tryText(`${problem}.${part}`), `${problem}.${part}`).toBeTruthy();
});

test('parameters and plurals are filled in', async () => {
  expect(t('table.found', { found: 12, all: 12_345 })).toBe('12 of 12\u202f345');
  expect(tn('members.count', 1)).toBe('1 member');
  expect(tn('members.count', 0)).toBe('0 members');
  expect(tryText('queue.unheard-of' as TextKey)).toBeUndefined();
  await speak('fr');
  expect(tn('members.count', 0)).toBe('0 membre');
  expect(tn('members.count', 2)).toBe('2 membres');
  // French has a form of its own for millions; its other form serves it.
  expect(tn('members.count', 1_000_000)).toBe('1\u202f000\u202f000 membres');
});

test('figures have their unit and thin spaces, dates and signs are those of the language', async () => {
  expect(figure(1_234_567)).toBe('1\u202f234\u202f567');
  expect(bytes(2_100_000)).toBe('2.1\u202fMB');
  expect(bytes(999)).toBe('999\u202fB');
  await speak('de');
  expect(figure(1_234_567)).toBe('1\u202f234\u202f567');
  expect(bytes(2_100_000)).toBe('2,1\u202fMB');
  expect(day('2026-03-04T12:00:00Z')).toBe('4. März');
  expect(when('2026-03-04T12:00:00Z', Date.parse('2026-03-04T11:57:00Z'))).toBe('in 3 Minuten');
  await speak('fr');
  expect(bytes(2_100_000)).toBe('2,1\u202fMo');
  expect(day('2026-03-04T12:00:00Z')).toBe('4 mars');
});

test('the first language of the browser that the product speaks is spoken, else English', () => {
  expect(firstSpoken(['pt-BR', 'fr-CA', 'en'])).toBe('fr');
  expect(firstSpoken(['DE'])).toBe('de');
  expect(firstSpoken(['ja'])).toBe('en');
  expect(firstSpoken([])).toBe('en');
  expect(languages.map(languageName)).toEqual(['English', 'Deutsch', 'Français']);
});
