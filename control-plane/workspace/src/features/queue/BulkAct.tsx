import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, fieldError, type QueueAct, type QueueFilter } from '../../api';
import { Button, Cancel, Check, Dialog, ErrorBanner, layout, say, SearchField, SelectField, TextField } from '../../ui';
import { figure, t, tn } from '../../words';
import { toInstant } from '../members/dates';
import peopleCss from '../members/AddMember.module.css';
import { useAct } from '../useAct';

const acts = ['assign', 'unassign', 'prioritize', 'due', 'release', 'reopen'] as const satisfies readonly QueueAct[];
const highest = 1000;
const shown = 20;

interface BulkProps {
  readonly projectId: string;
  readonly filter: QueueFilter;
  readonly onClose: () => void;
}

/** One act on every task that the list's filter matches: what, with what, on how many, and whether it can be taken back. */
export function BulkAct({ projectId, filter, onClose }: BulkProps) {
  const client = useQueryClient();
  const [act, setAct] = useState<(typeof acts)[number]>('assign');
  const [to, setTo] = useState<'person' | 'team'>('person');
  const [person, setPerson] = useState('');
  const [team, setTeam] = useState('');
  const [search, setSearch] = useState('');
  const [priority, setPriority] = useState('0');
  const [due, setDue] = useState('');
  const asked = search.trim();
  const people = useQuery({
    queryKey: ['thread-people', projectId, 'bulk', asked],
    queryFn: ({ signal }) => api.threads.people(projectId, { limit: shown, search: asked || undefined }, signal),
    placeholderData: keepPreviousData, enabled: act === 'assign',
  });
  const teams = useQuery({ queryKey: ['project-teams', projectId, 'bulk'], queryFn: ({ signal }) => api.members.teams(projectId, signal), enabled: act === 'assign' });
  const count = useQuery({ queryKey: ['queue-count', projectId, act, filter], queryFn: ({ signal }) => api.queueJobs.count(projectId, { act, filter }, signal), staleTime: 0 });
  const inProject = teams.data?.items ?? [];
  const figureOf = Number(priority);
  const wrong = act === 'prioritize' && (priority.trim() === '' || !Number.isInteger(figureOf) || Math.abs(figureOf) > highest);
  const chosen = act !== 'assign' || (to === 'person' ? person !== '' : team !== '');
  const some = (count.data?.tasks ?? 0) > 0;
  const start = useAct({
    mutationFn: () => api.queueJobs.start(projectId, {
      act, filter, person: act === 'assign' && to === 'person' ? person : null, teamId: act === 'assign' && to === 'team' ? team : null,
      priority: act === 'prioritize' ? figureOf : null, dueAt: act === 'due' ? toInstant(due) : null,
    }),
    onSuccess: async ({ total }) => {
      say(tn('bulk.started', total));
      await client.invalidateQueries({ queryKey: ['queue-jobs', projectId] });
      onClose();
    },
  });
  const ready = chosen && !wrong && some;
  return (
    <Dialog title={t('bulk.title')} onClose={onClose} onSubmit={() => ready && start.run()}
      foot={<><Cancel /><Button kind={act === 'release' ? 'danger' : 'primary'} type="submit" busy={start.isPending} aria-disabled={!ready}>{count.data ? tn('bulk.do', count.data.tasks) : t('bulk.doIt')}</Button></>}>
      {start.error && <ErrorBanner reason={explain(start.error)} />}
      {count.error && <ErrorBanner reason={explain(count.error)} />}
      <SelectField label={t('bulk.act')} value={act} onChange={event => setAct(event.target.value as (typeof acts)[number])}>{acts.map(one => <option key={one} value={one}>{t(`bulk.acts.${one}`)}</option>)}</SelectField>
      <p className={layout.muted} role="status">{count.data ? tn(act === 'reopen' ? 'bulk.matchFinished' : 'bulk.match', count.data.tasks) : t('state.loading')}</p>
      {act === 'assign' && <>
        <SelectField label={t('bulk.to')} value={to} onChange={event => setTo(event.target.value as typeof to)}><option value="person">{t('bulk.toPerson')}</option><option value="team">{t('bulk.toTeam')}</option></SelectField>
        {to === 'team'
          ? inProject.length === 0 && teams.data
            ? <p className={layout.muted}>{t('bulk.noTeams')}</p>
            : <SelectField label={t('bulk.team')} hint={t('bulk.teamHint')} value={team} onChange={event => setTeam(event.target.value)}><option value="">{t('bulk.choose')}</option>{inProject.map(one => <option key={one.teamId} value={one.teamId}>{one.name}</option>)}</SelectField>
          : <>
            <SearchField label={t('people.searchNames')} value={search} onChange={setSearch} />
            <fieldset className={peopleCss.people} aria-label={t('bulk.toPerson')}>
              {(people.data?.items ?? []).map(one => <Check key={one.id} type="radio" name="bulk-person" label={one.name} checked={person === one.id} onChange={() => setPerson(one.id)} />)}
              {people.data?.items.length === 0 && <p className={layout.muted}>{t('members.nobody', { search })}</p>}
            </fieldset>
          </>}
      </>}
      {act === 'prioritize' && <TextField label={t('queue.priority')} type="number" step={1} min={-highest} max={highest} value={priority} hint={t('steer.priorityHint')} error={wrong ? t('steer.priorityWrong') : fieldError(start.error, 'priority')} onChange={event => setPriority(event.target.value)} />}
      {act === 'due' && <TextField label={t('queue.due')} optional type="datetime-local" value={due} onChange={event => setDue(event.target.value)} />}
      <p className={layout.muted}>{t(act === 'release' || act === 'reopen' ? 'bulk.forGood' : 'bulk.canBeUndone', { undo: t('bulk.undo') })}</p>
      {count.data && count.data.tasks > 0 && <p className={layout.muted}>{t('bulk.each', { count: figure(count.data.tasks) })}</p>}
    </Dialog>
  );
}
