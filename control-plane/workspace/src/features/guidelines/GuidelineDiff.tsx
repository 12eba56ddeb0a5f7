import { diffLines, diffWordsWithSpace } from 'diff';
import { useMemo } from 'react';
import { classes, Hidden, layout } from '../../ui';
import { t } from '../../words';
import css from './Guidelines.module.css';

interface Written { readonly text: string; readonly sections: Readonly<Record<string, string>> }

interface DiffProps {
  readonly before: Written;
  readonly after: Written;
  readonly nameOf: (tool: string) => string;
}

/** What changed between two versions: the text for all, then each class whose section differs. */
export function GuidelineDiff({ before, after, nameOf }: DiffProps) {
  const tools = [...new Set([...Object.keys(before.sections), ...Object.keys(after.sections)])].sort().filter(tool => (before.sections[tool] ?? '') !== (after.sections[tool] ?? ''));
  const same = before.text === after.text;
  if (same && tools.length === 0) return <p className={layout.muted}>{t('guide.noChange')}</p>;
  return (
    <div className={css.diffs}>
      {!same && <Lines before={before.text} after={after.text} label={t('guide.text')} />}
      {tools.map(tool => <section key={tool}><h3>{t('guide.section', { name: nameOf(tool) })}</h3><Lines before={before.sections[tool] ?? ''} after={after.sections[tool] ?? ''} label={nameOf(tool)} /></section>)}
    </div>
  );
}

interface Line { readonly kind: 'same' | 'added' | 'removed'; readonly parts: readonly { readonly text: string; readonly changed: boolean }[] }

/** Lines as they were and are; where one line became another, the words that differ stand out. */
export function linesOf(before: string, after: string): readonly Line[] {
  const lines: Line[] = [];
  const chunks = diffLines(before, after);
  for (let at = 0; at < chunks.length; at++) {
    const [chunk, following] = [chunks[at], chunks[at + 1]];
    if (!chunk) continue;
    if (chunk.removed && following?.added) {
      const words = diffWordsWithSpace(chunk.value, following.value);
      lines.push(...split('removed', words.filter(word => !word.added).map(word => ({ text: word.value, changed: word.removed }))));
      lines.push(...split('added', words.filter(word => !word.removed).map(word => ({ text: word.value, changed: word.added }))));
      at++;
    } else {
      lines.push(...split(chunk.added ? 'added' : chunk.removed ? 'removed' : 'same', [{ text: chunk.value, changed: false }]));
    }
  }
  return lines;
}

function split(kind: Line['kind'], words: Line['parts']): readonly Line[] {
  const lines: { text: string; changed: boolean }[][] = [[]];
  for (const { text, changed } of words) {
    text.split('\n').forEach((piece, index) => {
      if (index > 0) lines.push([]);
      if (piece) lines.at(-1)?.push({ text: piece, changed });
    });
  }
  // A chunk ends with its line's end: what would stand behind it is no line.
  if (lines.length > 1 && lines.at(-1)?.length === 0) lines.pop();
  return lines.map(parts => ({ kind, parts }));
}

const signs = { same: ' ', added: '+', removed: '−' } as const;

function Lines({ before, after, label }: { readonly before: string; readonly after: string; readonly label: string }) {
  const lines = useMemo(() => linesOf(before, after), [before, after]);
  return (
    <ol className={css.lines} aria-label={label}>{lines.map(({ kind, parts }, index) => (
      // Lines have no name of their own, and the list never changes in place.
      <li key={index} className={classes(css.line, kind !== 'same' && css[kind])}>
        <span className={css.sign} aria-hidden>{signs[kind]}</span>
        {kind !== 'same' && <Hidden>{t(`guide.line.${kind}`)}</Hidden>}
        <span>{parts.map((part, place) => part.changed ? kind === 'added' ? <ins key={place}>{part.text}</ins> : <del key={place}>{part.text}</del> : <span key={place}>{part.text}</span>)}</span>
      </li>
    ))}</ol>
  );
}
