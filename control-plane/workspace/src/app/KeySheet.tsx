import { Dialog, Keys, useAllCommands, type Command } from '../ui';
import { t, type TextKey } from '../words';
import css from './KeySheet.module.css';

interface Line { readonly what: string; readonly keys: readonly string[] }

const everywhere: readonly (readonly [TextKey, readonly string[]])[] = [
  ['keys.palette', ['Ctrl K']],
  ['keys.sheet', ['?']],
  ['keys.closes', ['Esc']],
  ['keys.next', ['Tab', 'Shift Tab']],
];
const lists: readonly (readonly [TextKey, readonly string[]])[] = [
  ['keys.rows', ['↑', '↓']],
  ['keys.ends', ['Home', 'End']],
  ['keys.leap', ['Page Up', 'Page Down']],
  ['keys.opens', ['Enter', 'Space']],
];
const linesOf = (table: typeof everywhere): readonly Line[] => table.map(([what, keys]) => ({ what: t(what), keys }));

/** Every key that does something here: those of all pages, and those of the commands that this page offers. */
export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const here = new Map<string, Line[]>();
  for (const command of useAllCommands().filter((one): one is Command & { keys: string } => Boolean(one.keys) && one.keys !== '?')) {
    here.set(command.group, [...here.get(command.group) ?? [], { what: command.title, keys: [command.keys] }]);
  }
  return (
    <Dialog wide title={t('keys.title')} onClose={onClose}>
      <div className={css.columns}>
        <Group title={t('keys.everywhere')} lines={linesOf(everywhere)} />
        <Group title={t('keys.lists')} lines={linesOf(lists)} />
        {[...here].map(([title, lines]) => <Group key={title} title={title} lines={lines} />)}
      </div>
      <p className={css.note}>{t('keys.typing')}</p>
    </Dialog>
  );
}

function Group({ title, lines }: { readonly title: string; readonly lines: readonly Line[] }) {
  return (
    <section className={css.group}>
      <h3>{title}</h3>
      <dl>{lines.map(line => (
        <div key={line.what} className={css.line}><dt>{line.what}</dt><dd className={css.keys}>{line.keys.map(one => <Keys key={one} keys={one} />)}</dd></div>
      ))}</dl>
    </section>
  );
}
