import { useNavigate, useSearch } from '@tanstack/react-router';
import { UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { api, type MemberStatus, type PersonRow } from '../../api';
import { Badge, Button, Card, CompactSelect, EmptyState, layout, Pager, SearchField, Table, When, type Column } from '../../ui';
import { figure, t, tn } from '../../words';
import { Trouble } from '../Trouble';
import { usePages } from '../usePages';
import { useSearchText } from '../useSearchText';
import { useTitle } from '../useTitle';
import { AddPerson } from './AddPerson';

const size = 100;
const statuses: readonly MemberStatus[] = ['active', 'invited', 'deactivated'];

export function People() {
  const { search } = useSearch({ from: '/signed-in/frame/people/' });
  const navigate = useNavigate();
  const typed = useSearchText(search, text => void navigate({ to: '/people', search: text ? { search: text } : {}, replace: true }));
  const [status, setStatus] = useState<MemberStatus | ''>('');
  const { query, rows, total, pager } = usePages(['people', search ?? '', status], (paging, signal) => api.people.list({ ...paging, search, status: status || undefined }, signal), { size });
  const [adding, setAdding] = useState(false);
  useTitle(t('nav.people'));
  const columns: readonly Column<PersonRow>[] = [
    { key: 'name', head: t('field.name'), width: 140, cell: row => row.person.name, title: row => row.person.name },
    { key: 'email', head: t('field.email'), width: 200, cell: row => row.email, title: row => row.email },
    { key: 'role', head: t('field.role'), cell: row => t(`organizationRole.${row.role}`) },
    { key: 'status', head: t('people.status'), cell: row => row.invitation && row.invitation.state !== 'sent'
      ? <Badge tone={row.invitation.state === 'refused' ? 'bad' : 'info'}>{t(`invitation.${row.invitation.state}`)}</Badge>
      : <Badge tone={row.status === 'active' ? 'good' : row.status === 'invited' ? 'info' : 'neutral'}>{t(`memberStatus.${row.status}`)}</Badge> },
    { key: 'projects', head: t('nav.projects'), number: true, width: 20, cell: row => figure(row.projects) },
    { key: 'since', head: t('field.since'), cell: row => <When at={row.createdAt} /> },
    { key: 'active', head: t('people.lastActive'), cell: row => row.lastActiveAt ? <When at={row.lastActiveAt} /> : t('state.none') },
  ];
  const add = <Button kind="primary" icon={UserPlus} onClick={() => setAdding(true)}>{t('people.add')}</Button>;
  if (query.error && !rows) return <Trouble error={query.error} onRetry={query.refetch} />;
  return (
      <Card>
        <div className={layout.bar}>
          <SearchField label={t('people.search')} value={typed.text} onChange={typed.setText} />
          <CompactSelect label={t('people.status')} value={status} onChange={event => setStatus(event.target.value as MemberStatus | '')}>
            <option value="">{t('people.everyStatus')}</option>
            {statuses.map(one => <option key={one} value={one}>{t(`memberStatus.${one}`)}</option>)}
          </CompactSelect>
          <span className={layout.grow} />
          <span className={layout.muted} role="status">{total === undefined ? '' : tn('people.count', total)}</span>
          {add}
        </div>
        {rows?.length === 0
          ? search
            ? <EmptyState title={t('state.noMatch')} action={<Button onClick={typed.clear}>{t('act.clearFilter')}</Button>}>{t('people.noMatch', { search })}</EmptyState>
            : status
            ? <EmptyState title={t('state.noMatch')} action={<Button onClick={() => setStatus('')}>{t('act.clearFilter')}</Button>} />
          : <EmptyState icon={Users} title={t('people.none')} action={add} />
          : <Table rows={rows} columns={columns} id={row => row.person.id} label={t('nav.people')} old={query.isPlaceholderData} onOpen={row => void navigate({ to: '/people/$personId', params: { personId: row.person.id } })} />}
        <Pager {...pager} total={total} />
      {adding && <AddPerson onClose={() => setAdding(false)} />}
      </Card>
  );
}
