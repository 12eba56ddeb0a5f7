import { useQuery } from '@tanstack/react-query';
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { api, explain } from '../../api';
import { Button, ErrorBanner, TextArea } from '../../ui';
import { t } from '../../words';
import { askedPerson, toSend, type Mentioned } from './mentions';
import css from './Threads.module.css';

interface ComposerProps {
  readonly projectId: string;
  readonly label: string;
  readonly act: string;
  /** What was typed stays under this name until it was sent. */
  readonly keep: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSend: (text: string, done: () => void) => void;
  readonly autoFocus?: boolean;
  readonly children?: ReactNode;
}

const most = 4_000;
const kept = new Map<string, { text: string; chosen: readonly Mentioned[] }>();

/** Writes a comment. An @ offers the project's people; what was typed is there again when the place is opened anew. */
export function Composer({ projectId, label, act, keep, busy, error, onSend, autoFocus = false, children }: ComposerProps) {
  const [{ text, chosen }, setTyped] = useState(() => kept.get(keep) ?? { text: '', chosen: [] as readonly Mentioned[] });
  const [caret, setCaret] = useState(0);
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const asked = closed ? undefined : askedPerson(text, caret);
  const { data } = useQuery({
    queryKey: ['thread-people', projectId, asked?.search.trim().toLocaleLowerCase()],
    queryFn: ({ signal }) => api.threads.people(projectId, { search: asked?.search.trim() || undefined, limit: 8 }, signal),
    enabled: asked !== undefined,
    staleTime: 60_000,
  });
  const offers = asked ? data?.items ?? [] : [];
  const type = (next: { text: string; chosen: readonly Mentioned[] }) => {
    kept.set(keep, next);
    setTyped(next);
  };
  const choose = (person: Mentioned) => {
    if (!asked) return;
    type({ text: `${text.slice(0, asked.from)}@${person.name} ${text.slice(caret)}`, chosen: [...chosen.filter(one => one.id !== person.id), person] });
    setClosed(true);
    area.current?.focus();
  };
  const send = () => {
    if (!text.trim() || busy) return;
    onSend(toSend(text.trim(), chosen), () => {
      kept.delete(keep);
      setTyped({ text: '', chosen: [] });
    });
  };
  const press = (event: KeyboardEvent) => {
    if (offers.length > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      setAt(before => (before + (event.key === 'ArrowDown' ? 1 : offers.length - 1)) % offers.length);
    } else if (offers.length > 0 && (event.key === 'Enter' || event.key === 'Tab') && !event.ctrlKey && !event.metaKey) {
      const offer = offers[Math.min(at, offers.length - 1)];
      if (offer) choose(offer);
    } else if (offers.length > 0 && event.key === 'Escape') {
      setClosed(true);
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      send();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={css.composer}>
      {Boolean(error) && <ErrorBanner reason={explain(error)} />}
      <TextArea ref={area} label={label} rows={3} maxLength={most} value={text} autoFocus={autoFocus} aria-controls={offers.length > 0 ? list : undefined} aria-autocomplete="list"
        onChange={event => {
          type({ text: event.target.value, chosen });
          setCaret(event.target.selectionStart);
          setAt(0);
          setClosed(false);
        }}
        onKeyDown={press} onKeyUp={event => setCaret(event.currentTarget.selectionStart)} onClick={event => setCaret(event.currentTarget.selectionStart)} />
      {offers.length > 0 && (
        <ul id={list} className={css.offers} role="listbox" aria-label={t('thread.people')}>{offers.map((person, index) => (
          <li key={person.id} role="presentation"><button type="button" role="option" tabIndex={-1} aria-selected={index === Math.min(at, offers.length - 1)} onMouseDown={event => event.preventDefault()} onClick={() => choose(person)}>{person.name}</button></li>
        ))}</ul>
      )}
      {children}
      <div className={css.acts}><Button kind={text.trim() ? 'primary' : 'plain'} keys="Ctrl ↵" busy={busy} aria-disabled={!text.trim()} onClick={send}>{act}</Button></div>
    </div>
  );
}
