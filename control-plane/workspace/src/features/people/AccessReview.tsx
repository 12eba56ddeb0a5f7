import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { BadgeCheck, Ban, Download } from 'lucide-react';
import { useState } from 'react';
import { api, explain, type AccessRow, type AccessVerdict } from '../../api';
import { Button, buttonClass, Card, Confirm, EmptyState, ErrorBanner, IconButton, layout, Pager, say, SearchField, Table, When, type Column } from '../../ui';
import { t, tn } from '../../words';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';

const size = 100;
const when = (at: string | null | undefined) => at ? <When at={at} /> : t('state.none');

/** Who has what since when, by which way; each is confirmed or revoked, and that is recorded. */
export function AccessReview() {
  const client = useQueryClient();
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(0);
  const [revoking, setRevoking] = useState<AccessRow | undefined>();
  useTitle(t('people.tabAccess'));
  const text = search.trim();
  const query = useQuery({ queryKey: ['access', text, page], queryFn: ({ signal }) => api.access.list({ offset: page * size, limit: size, search: text }, signal), placeholderData: keepPreviousData });
  const decide = useAct({
    mutationFn: ({ row, verdict }: { row: AccessRow; verdict: AccessVerdict }) => api.access.decide({ projectId: row.projectId, personId: row.person.id, teamId: row.teamId ?? null, verdict }),
    onSuccess: async (_, { row, verdict }) => {
      setRevoking(undefined);
      say(t(`accessDecided.${verdict}`, { name: row.person.name, project: row.project }));
      await client.invalidateQueries({ queryKey: ['access'] });
    },
  });
  const columns: readonly Column<AccessRow>[] = [
    { key: 'person', head: t('members.person'), width: 110, cell: row => row.person.name, title: row => row.email },
    { key: 'project', head: t('people.project'), width: 100, cell: row => row.project, title: row => row.project },
    { key: 'role', head: t('field.role'), cell: row => t(`role.${row.role}`) },
    { key: 'way', head: t('people.way'), width: 90, cell: row => row.team ? t('people.byTeam', { team: row.team }) : t('people.byOwnRole') },
    { key: 'since', head: t('field.since'), cell: row => when(row.since) },
    { key: 'until', head: t('members.until'), cell: row => when(row.validUntil) },
    { key: 'active', head: t('people.lastActive'), cell: row => when(row.lastActiveAt) },
    { key: 'confirmed', head: t('access.confirmed'), cell: row => when(row.confirmedAt), title: row => row.confirmedBy?.name },
    {
      key: 'controls', head: t('members.controls'), controls: true,
      cell: row => <>
        <IconButton icon={BadgeCheck} side="left" label={t('access.confirmOf', { name: row.person.name, project: row.project })} onClick={() => decide.run({ row, verdict: 'confirmed' })} />
        <IconButton icon={Ban} side="left" label={t('access.revokeOf', { name: row.person.name, project: row.project })} onClick={() => setRevoking(row)} />
      </>,
    },
  ];
  const rows = query.data?.items;
  const total = query.data?.total;
  if (query.error && !rows) return <Card><Trouble error={query.error} onRetry={query.refetch} /></Card>;
  return (
    <Card>
      <div className={layout.bar}>
        <SearchField label={t('access.search')} value={search} onChange={value => {
          setSearch(value);
          setPage(0);
        }} />
        <span className={layout.grow} />
        <span className={layout.muted} role="status">{total === undefined ? '' : tn('access.count', total)}</span>
        <a className={buttonClass()} href={text ? `${api.access.file}?search=${encodeURIComponent(text)}` : api.access.file} download><Download size={16} aria-hidden />{t('access.file')}</a>
      </div>
      {decide.error && !revoking && <div className={layout.notice}><ErrorBanner reason={explain(decide.error)} /></div>}
      {rows?.length === 0
        ? text ? <EmptyState title={t('state.noMatch')} action={<Button onClick={() => setSearch('')}>{t('act.clearFilter')}</Button>} /> : <EmptyState title={t('access.none')} />
        : <Table rows={rows} columns={columns} id={row => `${row.projectId} ${row.person.id} ${row.teamId ?? ''}`} label={t('people.tabAccess')} old={query.isPlaceholderData} />}
      <Pager page={page} size={size} shown={rows?.length ?? 0} total={total} hasNext={total !== undefined && (page + 1) * size < total} onPage={setPage} />
      {revoking && (
        <Confirm title={t('access.revokeOf', { name: revoking.person.name, project: revoking.project })} act={t('access.revoke')} busy={decide.isPending} reason={decide.error ? explain(decide.error) : undefined}
          onConfirm={() => decide.run({ row: revoking, verdict: 'revoked' })} onClose={() => {
            setRevoking(undefined);
            decide.reset();
          }}>{revoking.team ? t('access.revokeTeamBody', { team: revoking.team }) : t('members.removeBody')}</Confirm>
      )}
    </Card>
  );
}
