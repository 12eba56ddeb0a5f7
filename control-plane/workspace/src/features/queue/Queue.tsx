import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import { api, explain, type QueueRow } from '../../api';
import { Button, Card, CompactSelect, EmptyState, ErrorState, layout, Pager, SkeletonRows, Table, When, type Column } from '../../ui';
import { figure, t, tryText } from '../../words';
import { useProject } from '../projects/ProjectFrame';
import { usePages } from '../usePages';

const states = ['open', 'done', 'skipped'] as const;

/** The tasks behind the figures: where each asset is, and who holds it. */
export function Queue() {
  const project = useProject();
  const [state, setState] = useState('');
  const { query, rows, page, hasNext, go } = usePages(['queue', project.id, state], (after, signal) =>
    api.tasks.queue(project.id, { after, limit: 100, state: state || undefined }, signal));
  const columns: readonly Column<QueueRow>[] = [
    { key: 'asset', head: t('assets.name'), cell: row => row.asset.name, title: row => row.asset.name },
    { key: 'step', head: t('assets.step'), cell: row => row.step.name },
    { key: 'state', head: t('queue.state'), cell: row => tryText(`queue.${row.state}`) ?? row.state },
    { key: 'holder', head: t('queue.holder'), cell: row => row.holder?.name ?? t('state.none') },
    { key: 'lease', head: t('queue.lease'), cell: row => row.leaseExpiresAt ? <When at={row.leaseExpiresAt} /> : t('state.none') },
    { key: 'round', head: t('assets.round'), number: true, cell: row => figure(row.round) },
    { key: 'priority', head: t('queue.priority'), number: true, cell: row => figure(row.priority) },
  ];
  return (
    <Card>
      <div className={layout.bar}>
        <CompactSelect label={t('queue.state')} value={state} style={{ width: 160 }} onChange={event => setState(event.target.value)}>
          <option value="">{t('queue.all')}</option>
          {states.map(one => <option key={one} value={one}>{t(`queue.${one}`)}</option>)}
        </CompactSelect>
        <span className={layout.grow} />
        <Button onClick={() => void query.refetch()} busy={query.isFetching && !query.isPending}>{t('act.refresh')}</Button>
      </div>
      {query.isPending && <SkeletonRows rows={12} widths={[260, 80, 80, 120, 80]} />}
      {query.error && <ErrorState reason={explain(query.error)} onRetry={() => void query.refetch()} />}
      {query.data && rows.length === 0 && (state
        ? <EmptyState title={t('state.noMatch')} action={<Button onClick={() => setState('')}>{t('act.clearFilter')}</Button>}>{t('queue.noMatch', { state: tryText(`queue.${state}`) ?? state })}</EmptyState>
        : <EmptyState icon={ListChecks} title={t('queue.none')}>{t('queue.noneBody')}</EmptyState>)}
      {rows.length > 0 && <Table rows={rows} columns={columns} id={row => row.id} label={t('tab.queue')} />}
      <Pager page={page} hasNext={hasNext} onPage={go} />
    </Card>
  );
}
