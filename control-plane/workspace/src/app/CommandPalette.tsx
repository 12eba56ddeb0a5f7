import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { Keys } from '../ui';
import { useAllCommands } from '../ui/commands';
import { t } from '../words';
import css from './CommandPalette.module.css';

/** Every command and page by a few letters of its name. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const commands = useAllCommands();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = useMemo(() => {
    const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return commands.filter(command => (words.length > 0 || !command.onlySearched) && words.every(word => `${command.group} ${command.title}`.toLocaleLowerCase().includes(word)));
  }, [commands, text]);
  const at = Math.min(chosen, found.length - 1);

  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  useEffect(() => {
    document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [at, list]);

  const run = (index: number) => {
    const command = found[index];
    if (!command) return;
    onClose();
    command.run();
  };

  return (
    <dialog ref={dialog} className={css.palette} aria-label={t('palette.title')} onClick={event => event.target === dialog.current && onClose()}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={event => {
        event.stopPropagation();
        if (event.key === 'ArrowDown') setChosen((at + 1) % Math.max(1, found.length));
        else if (event.key === 'ArrowUp') setChosen((at - 1 + found.length) % Math.max(1, found.length));
        else if (event.key === 'Enter') run(at);
        else return;
        event.preventDefault();
      }}>
      <input className={css.input} role="combobox" aria-expanded aria-controls={list} aria-activedescendant={found.length ? `${list}-${at}` : undefined}
        aria-label={t('palette.title')} placeholder={t('palette.hint')} autoFocus value={text} onChange={event => {
          setText(event.target.value);
          setChosen(0);
        }} />
      <div className={css.list} role="listbox" id={list} aria-label={t('palette.title')}>
        {found.length === 0 && <p className={css.none}>{t('palette.none')}</p>}
        {found.map((command, index) => (
          <div key={command.id}>
            {command.group !== found[index - 1]?.group && <div className={css.group} role="presentation">{command.group}</div>}
            <div id={`${list}-${index}`} role="option" aria-selected={index === at} className={css.item} onClick={() => run(index)} onMouseMove={() => setChosen(index)}>
              <span>{command.title}</span>{command.keys && <Keys keys={command.keys} />}
            </div>
          </div>
        ))}
      </div>
    </dialog>
  );
}
