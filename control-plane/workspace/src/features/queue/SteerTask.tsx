import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, fieldError, type QueueRow } from '../../api';
import { Button, Cancel, Check, Dialog, ErrorBanner, layout, say, SearchField, TextField } from '../../ui';
import { t, tn } from '../../words';
import css from '../members/AddMember.module.css';
import { toField, toInstant } from '../members/dates';
import { useAct } from '../useAct';

interface SteerProps {
  readonly projectId: string;
  readonly task: QueueRow;
  readonly onClose: () => void;
  readonly onSteered: () => Promise<unknown>;
}

const shown = 20;
const highest = 1000;

/** Who is to do a task, how soon, and until when; what is held can be taken back. Only what was changed is sent. */
export function SteerTask({ projectId, task, onClose, onSteered }: SteerProps) {
  const [person, setPerson] = useState(task.assignedTo?.id ?? '');
  const [search, setSearch] = useState('');
  const [priority, setPriority] = useState(String(task.priority));
  const [due, setDue] = useState(toField(task.dueAt));
  const asked = search.trim();
  const found = useQuery({
    queryKey: ['members', projectId, 'of-task', asked],
    queryFn: ({ signal }) => api.members.list(projectId, { limit: shown, search: asked || undefined }, signal),
    placeholderData: keepPreviousData,
  });
  const figure = Number(priority);
  const wrong = priority.trim() === '' || !Number.isInteger(figure) || Math.abs(figure) > highest;
  const changed = [
    ...(person !== (task.assignedTo?.id ?? '') ? [() => api.queue.assign(projectId, task.id, person || null)] : []),
    ...(!wrong && figure !== task.priority ? [() => api.queue.prioritize(projectId, task.id, figure)] : []),
    ...(due !== toField(task.dueAt) ? [() => api.queue.due(projectId, task.id, toInstant(due))] : []),
  ];
  const done = async (said: string) => {
    say(said);
    await onSteered();
    onClose();
  };
  const save = useAct({
    mutationFn: async () => {
      for (const act of changed) await act();
    },
    onSuccess: () => done(t('steer.saved', { name: task.asset.name })),
    // What went before the refusal holds: the list shows it.
    onError: onSteered,
  });
  const takeBack = useAct({ mutationFn: () => api.queue.takeBack(projectId, task.id), onSuccess: () => done(t('steer.takenBack', { name: task.asset.name })) });
  const people = (found.data?.items ?? []).map(one => one.person);
  const offer = task.assignedTo && !people.some(one => one.id === task.assignedTo?.id) ? [task.assignedTo, ...people] : people;
  const failed = save.error ?? takeBack.error;
  return (
    <Dialog title={t('steer.title', { name: task.asset.name })} onClose={onClose} loses={changed.length > 0 && t('form.loses')} onSubmit={() => !wrong && changed.length > 0 && save.run()}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={save.isPending} aria-disabled={wrong || changed.length === 0}>{t('steer.save')}</Button></>}>
      {failed && <ErrorBanner reason={explain(failed)} />}
      {found.error && <ErrorBanner reason={explain(found.error)} />}
      {task.holder && (
        <div className={layout.row}>
          <span className={layout.grow}>{t('steer.heldBy', { name: task.holder.name })}</span>
          <Button busy={takeBack.isPending} onClick={() => takeBack.run()}>{t('steer.takeBack')}</Button>
        </div>
      )}
      <h3>{t('steer.assignee')}</h3>
      <SearchField label={t('people.searchNames')} value={search} onChange={setSearch} />
      <fieldset className={css.people} aria-label={t('steer.assignee')}>
        <Check type="radio" name="assignee" label={t('steer.anybody')} checked={person === ''} onChange={() => setPerson('')} />
        {offer.map(one => <Check key={one.id} type="radio" name="assignee" label={one.name} checked={person === one.id} onChange={() => setPerson(one.id)} />)}
        {found.data && found.data.items.length === 0 && <p className={layout.muted}>{t('members.nobody', { search })}</p>}
        {(found.data?.total ?? 0) > shown && <p className={layout.muted}>{tn('steer.more', shown)}</p>}
      </fieldset>
      <div className={layout.two}>
        <TextField label={t('queue.priority')} type="number" step={1} min={-highest} max={highest} value={priority} hint={t('steer.priorityHint')}
          error={wrong ? t('steer.priorityWrong') : fieldError(save.error, 'priority')} onChange={event => setPriority(event.target.value)} />
        <TextField label={t('queue.due')} optional type="datetime-local" value={due} onChange={event => setDue(event.target.value)} />
      </div>
    </Dialog>
  );
}
