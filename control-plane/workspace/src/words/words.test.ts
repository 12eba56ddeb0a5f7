import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import en from './en.json' with { type: 'json' };
import { bytes, figure, t, tn, tryText, type TextKey } from './index';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter(file => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
  .map(file => readFileSync(`src/${file}`, 'utf8'));
const code = sources.join('\n');
const keys = Object.keys(en);

/** Keys that are made from data: a state, a role, a code. */
const families = [...code.matchAll(/`([a-zA-Z]+(?:\.[a-zA-Z]+)*)\.\$\{/g)].map(match => `${match[1]}.`);

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

test('no text says please, oops or shouts', () => {
  expect(Object.entries(en).filter(([, text]) => /\bplease\b|\boops\b|!/i.test(text))).toEqual([]);
});

test('every problem says what happened, what is safe and what to do', () => {
  const codes = new Set(keys.filter(key => key.startsWith('problem.asset.') || key.startsWith('problem.worker.')).map(key => key.replace(/\.\w+$/, '')));
  for (const one of codes) for (const part of ['what', 'safe', 'todo']) expect(tryText(`${one}.${part}`), `${one}.${part}`).toBeTruthy();
});

test('parameters and plurals are filled in', () => {
  expect(t('table.found', { found: 12, all: 12_345 })).toBe('12 of 12\u202f345');
  expect(tn('members.count', 1)).toBe('1 member');
  expect(tn('members.count', 0)).toBe('0 members');
  expect(tryText('queue.unheard-of' as TextKey)).toBeUndefined();
});

test('figures have their unit and thin spaces', () => {
  expect(figure(1_234_567)).toBe('1\u202f234\u202f567');
  expect(bytes(2_100_000)).toBe('2.1\u202fMB');
  expect(bytes(999)).toBe('999\u202fB');
});
