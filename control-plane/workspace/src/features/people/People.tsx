import { useNavigate, useSearch } from '@tanstack/react-router';
import { UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { api, type PersonRow } from '../../api';
import { Button, Card, EmptyState, layout, Page, PageHead, Pager, SearchField, Table, When, type Column } from '../../ui';
import { figure, t, tn } from '../../words';
import { Trouble } from '../Trouble';
import { usePages } from '../usePages';
import { useSearchText } from '../useSearchText';
import { useTitle } from '../useTitle';
import { AddPerson } from './AddPerson';

const size = 100;

export function People() {
  const { search } = useSearch({ from: '/signed-in/frame/people' });
  const navigate = useNavigate();
  const typed = useSearchText(search, text => void navigate({ to: '/people', search: text ? { search: text } : {}, replace: true }));
  const { query, rows, total, pager } = usePages(['people', search ?? ''], (paging, signal) => api.people.list({ ...paging, search }, signal), { size });
  const [adding, setAdding] = useState(false);
  useTitle(t('nav.people'));
  const columns: readonly Column<PersonRow>[] = [
    { key: 'name', head: t('field.name'), width: 140, cell: row => row.person.name, title: row => row.person.name },
    { key: 'email', head: t('field.email'), width: 200, cell: row => row.email, title: row => row.email },
    { key: 'role', head: t('field.role'), cell: row => t(`organizationRole.${row.role}`) },
    { key: 'projects', head: t('nav.projects'), number: true, width: 20, cell: row => figure(row.projects) },
    { key: 'since', head: t('field.since'), cell: row => <When at={row.createdAt} /> },
  ];
  const add = <Button kind="primary" icon={UserPlus} onClick={() => setAdding(true)}>{t('people.add')}</Button>;
  if (query.error && !rows) return <Trouble page error={query.error} onRetry={query.refetch} />;
  return (
    <Page>
      <PageHead title={t('nav.people')} lead={t('people.lead')} actions={add} />
      <Card>
        <div className={layout.bar}>
          <SearchField label={t('people.search')} value={typed.text} onChange={typed.setText} />
          <span className={layout.grow} />
          <span className={layout.muted} role="status">{total === undefined ? '' : tn('people.count', total)}</span>
        </div>
        {rows?.length === 0
          ? search
            ? <EmptyState title={t('state.noMatch')} action={<Button onClick={typed.clear}>{t('act.clearFilter')}</Button>}>{t('people.noMatch', { search })}</EmptyState>
            : <EmptyState icon={Users} title={t('people.none')} action={add} />
          : <Table rows={rows} columns={columns} id={row => row.person.id} label={t('nav.people')} old={query.isPlaceholderData} />}
        <Pager {...pager} total={total} />
      </Card>
      {adding && <AddPerson onClose={() => setAdding(false)} />}
    </Page>
  );
}
