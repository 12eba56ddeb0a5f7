import { useNavigate, useSearch } from '@tanstack/react-router';
import { Images, Search, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api, explain, type AssetRow, type AssetStatus } from '../../api';
import { Badge, Button, Card, CompactInput, CompactSelect, EmptyState, ErrorState, layout, Pager, SkeletonRows, Table, When, type Column } from '../../ui';
import { bytes, figure, t, tn } from '../../words';
import { useProject } from '../projects/ProjectFrame';
import { usePages } from '../usePages';
import { AssetStatusBadge } from './AssetStatusBadge';
import { AssetDialog } from './AssetDialog';

const pageSize = 100;
const statuses: readonly AssetStatus[] = ['toDo', 'inProgress', 'submitted', 'inReview', 'sentBack', 'done', 'skipped'];

export function Assets() {
  const project = useProject();
  const { status, search } = useSearch({ from: '/signed-in/frame/projects/$projectId/assets' });
  const navigate = useNavigate();
  const [text, setText] = useState(search ?? '');
  const [looked, setLooked] = useState<AssetRow | undefined>();
  const { query, rows, page, hasNext, go } = usePages(['assets', project.id, status ?? '', search ?? ''], (after, signal) =>
    api.projects.assets(project.id, { after, limit: pageSize, status, search }, signal));

  const filter = (next: { status?: AssetStatus | undefined; search?: string | undefined }) => void navigate({
    to: '/projects/$projectId/assets',
    params: { projectId: project.id },
    search: Object.fromEntries(Object.entries({ status, search, ...next }).filter(([, value]) => value)),
    replace: true,
  });

  useEffect(() => {
    // The address follows the typing after a pause, so that each letter is not a request.
    const timer = setTimeout(() => (search ?? '') !== text.trim() && filter({ search: text.trim() }), 250);
    return () => clearTimeout(timer);
  });

  const columns: readonly Column<AssetRow>[] = [
    { key: 'name', head: t('assets.name'), cell: row => <Button kind="quiet" onClick={() => setLooked(row)}>{row.name}</Button>, title: row => row.name },
    { key: 'status', head: t('assets.status'), cell: row => <AssetStatusBadge status={row.status} /> },
    { key: 'round', head: t('assets.round'), number: true, cell: row => figure(row.round) },
    { key: 'labels', head: t('assets.labels'), number: true, cell: row => figure(row.labels) },
    { key: 'size', head: t('assets.pixels'), number: true, cell: row => row.width && row.height ? t('assets.dimensions', { width: row.width, height: row.height }) : t('state.none') },
    { key: 'bytes', head: t('assets.bytes'), number: true, cell: row => bytes(row.size) },
    { key: 'type', head: t('assets.type'), cell: row => row.problem ? <Badge tone="warn" icon={TriangleAlert} title={row.problem}>{t('assets.problem')}</Badge> : row.mediaType },
    { key: 'imported', head: t('assets.imported'), cell: row => <When at={row.importedAt} /> },
  ];
  const filtered = Boolean(status || search);
  return (
    <Card>
      <div className={layout.bar}>
        <Search size={14} aria-hidden />
        <CompactInput label={t('assets.search')} placeholder={t('assets.search')} type="search" value={text} style={{ width: 260 }} onChange={event => setText(event.target.value)} />
        <CompactSelect label={t('assets.status')} value={status ?? ''} style={{ width: 160 }} onChange={event => filter({ status: (event.target.value || undefined) as AssetStatus | undefined })}>
          <option value="">{t('assets.allStatuses')}</option>
          {statuses.map(one => <option key={one} value={one}>{t(`status.${one}`)}</option>)}
        </CompactSelect>
        <span className={layout.grow} />
        <span className={layout.muted}>{tn('project.assets', project.progress.total)}</span>
      </div>
      {query.isPending && <SkeletonRows rows={12} widths={[260, 100, 80, 40, 40, 90]} />}
      {query.error && <ErrorState reason={explain(query.error)} onRetry={() => void query.refetch()} />}
      {query.data && rows.length === 0 && (filtered
        ? <EmptyState title={t('state.noMatch')} action={<Button onClick={() => {
            setText('');
            filter({ status: undefined, search: undefined });
          }}>{t('act.clearFilter')}</Button>}>{t('assets.noMatch', { status: status ? t(`status.${status}`) : t('assets.allStatuses'), search: search ?? t('state.none') })}</EmptyState>
        : <EmptyState icon={Images} title={t('assets.none')}>{t('assets.noneBody')}</EmptyState>)}
      {rows.length > 0 && <Table rows={rows} columns={columns} id={row => row.id} label={t('tab.assets')} />}
      <Pager page={page} hasNext={hasNext} onPage={go} />
      {looked && <AssetDialog projectId={project.id} asset={looked} onClose={() => setLooked(undefined)} />}
    </Card>
  );
}
