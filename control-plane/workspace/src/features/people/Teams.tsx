import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Pencil, Trash2, UserPlus, Users, UsersRound, X } from 'lucide-react';
import { useState } from 'react';
import { api, explain, fieldError, type TeamRow } from '../../api';
import { Button, Cancel, Card, Confirm, Dialog, EmptyState, ErrorBanner, IconButton, layout, Pager, say, SearchField, Skeleton, Table, TextField, When, type Column } from '../../ui';
import { figure, t, tn } from '../../words';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { usePages } from '../usePages';
import { useTitle } from '../useTitle';

const size = 100;

/** Teams: people who are given roles together. */
export function Teams() {
  const client = useQueryClient();
  const [search, setSearch] = useState('');
  const { query, rows, total, pager } = usePages(['teams', search.trim()], (paging, signal) => api.teams.list({ ...paging, search: search.trim() }, signal), { size });
  const [naming, setNaming] = useState<TeamRow | 'new' | undefined>();
  const [opened, setOpened] = useState<TeamRow | undefined>();
  const [removing, setRemoving] = useState<TeamRow | undefined>();
  useTitle(t('people.tabTeams'));
  const changed = () => client.invalidateQueries({ queryKey: ['teams'] });
  const remove = useAct({
    mutationFn: (team: TeamRow) => api.teams.remove(team.id),
    onSuccess: async (_, team) => {
      setRemoving(undefined);
      say(t('teams.removed', { name: team.name }));
      await changed();
    },
  });
  const columns: readonly Column<TeamRow>[] = [
    { key: 'name', head: t('field.name'), width: 220, cell: team => team.name, title: team => team.name },
    { key: 'people', head: t('nav.people'), number: true, cell: team => figure(team.people) },
    { key: 'projects', head: t('nav.projects'), number: true, cell: team => figure(team.projects) },
    { key: 'source', head: t('teams.source'), cell: team => t(`teamSource.${team.source}`) },
    { key: 'since', head: t('field.since'), cell: team => <When at={team.createdAt} /> },
    {
      key: 'controls', head: t('members.controls'), controls: true,
      cell: team => <>
        <IconButton icon={UsersRound} side="left" label={t('teams.peopleOf', { name: team.name })} onClick={() => setOpened(team)} />
        {team.source === 'manual' && <IconButton icon={Pencil} side="left" label={t('teams.renameOf', { name: team.name })} onClick={() => setNaming(team)} />}
        {team.source === 'manual' && <IconButton icon={Trash2} side="left" label={t('teams.removeOf', { name: team.name })} onClick={() => setRemoving(team)} />}
      </>,
    },
  ];
  const add = <Button kind="primary" icon={Users} onClick={() => setNaming('new')}>{t('teams.create')}</Button>;
  if (query.error && !rows) return <Card><Trouble error={query.error} onRetry={query.refetch} /></Card>;
  return (
    <Card>
      <div className={layout.bar}>
        <SearchField label={t('teams.search')} value={search} onChange={setSearch} />
        <span className={layout.grow} />
        <span className={layout.muted} role="status">{total === undefined ? '' : tn('teams.count', total)}</span>
        {add}
      </div>
      {rows?.length === 0
        ? search.trim()
          ? <EmptyState title={t('state.noMatch')} action={<Button onClick={() => setSearch('')}>{t('act.clearFilter')}</Button>} />
          : <EmptyState icon={Users} title={t('teams.none')} action={add}>{t('teams.noneBody')}</EmptyState>
        : <Table rows={rows} columns={columns} id={team => team.id} label={t('people.tabTeams')} old={query.isPlaceholderData} />}
      <Pager {...pager} total={total} />
      {naming && <NameTeam team={naming === 'new' ? undefined : naming} onClose={() => setNaming(undefined)} onChanged={changed} />}
      {opened && <TeamPeople team={opened} onClose={() => setOpened(undefined)} onChanged={changed} />}
      {removing && (
        <Confirm title={t('teams.removeTitle', { name: removing.name })} act={t('teams.removeAct')} busy={remove.isPending} reason={remove.error ? explain(remove.error) : undefined}
          onConfirm={() => remove.run(removing)} onClose={() => {
            setRemoving(undefined);
            remove.reset();
          }}>{t('teams.removeBody')}</Confirm>
      )}
    </Card>
  );
}

function NameTeam({ team, onClose, onChanged }: { readonly team: TeamRow | undefined; readonly onClose: () => void; readonly onChanged: () => Promise<unknown> }) {
  const [name, setName] = useState(team?.name ?? '');
  const [asked, setAsked] = useState(false);
  const give = useAct<unknown>({
    mutationFn: () => team ? api.teams.rename(team.id, name.trim()) : api.teams.create(name.trim()),
    onSuccess: async () => {
      await onChanged();
      onClose();
    },
  });
  const title = team ? t('teams.renameOf', { name: team.name }) : t('teams.create');
  return (
    <Dialog title={title} onClose={onClose} onSubmit={() => {
      setAsked(true);
      if (name.trim()) give.run();
    }} foot={<><Cancel /><Button kind="primary" type="submit" busy={give.isPending}>{team ? t('teams.rename') : t('teams.create')}</Button></>}>
      {give.error && <ErrorBanner reason={explain(give.error)} />}
      <TextField label={t('field.name')} autoComplete="off" maxLength={200} value={name} error={asked && !name.trim() ? t('field.required') : fieldError(give.error, 'name')} onChange={event => setName(event.target.value)} />
    </Dialog>
  );
}

const shown = 50;

/** Who is in a team; others are found by a few letters. */
function TeamPeople({ team, onClose, onChanged }: { readonly team: TeamRow; readonly onClose: () => void; readonly onChanged: () => Promise<unknown> }) {
  const client = useQueryClient();
  const [search, setSearch] = useState('');
  const text = search.trim();
  const inside = useQuery({ queryKey: ['people', 'team', team.id], queryFn: ({ signal }) => api.people.list({ limit: 200, teamId: team.id }, signal) });
  const found = useQuery({ queryKey: ['people', 'find', text], queryFn: ({ signal }) => api.people.list({ limit: shown, search: text }, signal), placeholderData: keepPreviousData, enabled: text !== '' });
  const changed = async () => {
    await client.invalidateQueries({ queryKey: ['people', 'team', team.id] });
    await onChanged();
  };
  const join = useAct({ mutationFn: (personId: string) => api.teams.join(team.id, personId), onSuccess: changed });
  const leave = useAct({ mutationFn: (personId: string) => api.teams.leave(team.id, personId), onSuccess: changed });
  const failed = join.error ?? leave.error ?? inside.error ?? found.error;
  const ids = new Set(inside.data?.items.map(row => row.person.id));
  const others = text ? found.data?.items.filter(row => !ids.has(row.person.id) && row.status !== 'deactivated') : undefined;
  const manual = team.source === 'manual';
  return (
    <Dialog wide title={t('teams.peopleOf', { name: team.name })} onClose={onClose} foot={<Cancel>{t('act.close')}</Cancel>}>
      {failed && <ErrorBanner reason={explain(failed)} />}
      {!manual && <p className={layout.muted}>{t('teams.synchronized')}</p>}
      {manual && <TextField label={t('teams.addPerson')} type="search" autoComplete="off" placeholder={t('people.search')} value={search} onChange={event => setSearch(event.target.value)} />}
      {others?.length === 0 && <p className={layout.muted}>{t('state.noMatch')}</p>}
      {others && others.length > 0 && (
        <ul className={layout.stack} aria-label={t('teams.found')}>{others.map(row => (
          <li key={row.person.id} className={layout.row}>
            <Button icon={UserPlus} busy={join.isPending && join.variables === row.person.id} aria-label={t('teams.addOne', { name: row.person.name })} onClick={() => join.run(row.person.id)}>{t('teams.add')}</Button>
            <span>{row.person.name}</span><span className={layout.muted}>{row.email}</span>
          </li>
        ))}</ul>
      )}
      <h3>{inside.data ? tn('people.count', inside.data.total ?? inside.data.items.length) : t('state.loading')}</h3>
      {inside.isPending && <Skeleton width={240} height={12} />}
      <ul className={layout.stack} aria-label={t('teams.peopleOf', { name: team.name })}>{inside.data?.items.map(row => (
        <li key={row.person.id} className={layout.row}>
          {manual && <IconButton icon={X} side="right" label={t('teams.leaveOne', { name: row.person.name })} onClick={() => leave.run(row.person.id)} />}
          <span>{row.person.name}</span><span className={layout.muted}>{row.email}</span>
        </li>
      ))}</ul>
    </Dialog>
  );
}
