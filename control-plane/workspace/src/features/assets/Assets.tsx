import { useNavigate, useSearch } from '@tanstack/react-router';
import { FilePen, FileX, Images, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { api, type AssetRow, type AssetStatus } from '../../api';
import { Badge, Button, Card, CompactSelect, EmptyState, layout, Pager, SearchField, Table, When, type Column } from '../../ui';
import { bytes, figure, t, tn } from '../../words';
import { useProject } from '../projects/ProjectFrame';
import { Trouble } from '../Trouble';
import { usePages } from '../usePages';
import { useSearchText } from '../useSearchText';
import { useTitle } from '../useTitle';
import { AssetDialog } from './AssetDialog';
import { AssetStatusBadge } from './AssetStatusBadge';

/** What an import found of the object since: the label may belong to other pixels, or its picture may be gone. */
function Elsewhere({ of }: { readonly of: AssetRow }) {
  if (of.vanishedAt) return <Badge tone="warn" icon={FileX} title={t('assets.vanishedHint')}>{t('assets.vanished')}</Badge>;
  return of.changedAt ? <Badge tone="warn" icon={FilePen} title={t('assets.changedHint')}>{t('assets.changed')}</Badge> : null;
}

const size = 100;
const statuses: readonly AssetStatus[] = ['toDo', 'inProgress', 'submitted', 'inReview', 'sentBack', 'done', 'skipped'];

export function Assets() {
  const project = useProject();
  const { status, search } = useSearch({ from: '/signed-in/frame/projects/$projectId/assets' });
  const navigate = useNavigate();
  const [looked, setLooked] = useState<AssetRow | undefined>();
  const { query, rows, total, pager } = usePages(['assets', project.id, status ?? '', search ?? ''], (paging, signal) => api.projects.assets(project.id, { ...paging, status, search }, signal), { size });
  useTitle(t('tab.assets'), project.name);
  const filter = (next: { status?: AssetStatus | undefined; search?: string | undefined }) => void navigate({
    to: '/projects/$projectId/assets',
    params: { projectId: project.id },
    search: Object.fromEntries(Object.entries({ status, search, ...next }).filter(([, value]) => value)),
    replace: true,
  });
  const typed = useSearchText(search, text => filter({ search: text }));

  const columns: readonly Column<AssetRow>[] = [
    { key: 'name', head: t('assets.name'), width: 260, cell: row => row.name, title: row => row.name },
    { key: 'status', head: t('assets.status'), cell: row => <><AssetStatusBadge status={row.status} /><Elsewhere of={row} /></> },
    { key: 'step', head: t('queue.step'), spare: true, cell: row => row.step ?? t('state.none'), title: row => row.step ?? undefined },
    { key: 'round', head: t('assets.round'), number: true, width: 16, cell: row => figure(row.round) },
    { key: 'labels', head: t('assets.labels'), number: true, width: 16, cell: row => figure(row.labels) },
    { key: 'size', head: t('assets.pixels'), number: true, cell: row => row.problem ? <Badge tone="warn" icon={TriangleAlert} title={row.problem}>{t('assets.problem')}</Badge> : row.width && row.height ? t('assets.dimensions', { width: row.width, height: row.height }) : t('state.none') },
    { key: 'bytes', head: t('assets.bytes'), number: true, width: 48, cell: row => bytes(row.size) },
    { key: 'type', head: t('assets.type'), spare: true, cell: row => row.mediaType },
    { key: 'imported', head: t('assets.imported'), cell: row => <When at={row.importedAt} /> },
  ];
  const filtered = Boolean(status || search);
  if (query.error && !rows) return <Card><Trouble error={query.error} onRetry={query.refetch} /></Card>;
  return (
    <Card>
      <div className={layout.bar}>
        <SearchField label={t('assets.search')} value={typed.text} onChange={typed.setText} />
        <CompactSelect label={t('assets.status')} value={status ?? ''} onChange={event => filter({ status: (event.target.value || undefined) as AssetStatus | undefined })}>
          <option value="">{t('assets.allStatuses')}</option>
          {statuses.map(one => <option key={one} value={one}>{t(`status.${one}`)}</option>)}
        </CompactSelect>
        <span className={layout.grow} />
        <span className={layout.muted} role="status">{total === undefined ? '' : filtered ? t('table.found', { found: total, all: project.progress.total }) : tn('project.assets', total)}</span>
      </div>
      {rows?.length === 0
        ? filtered
          ? <EmptyState title={t('state.noMatch')} action={<Button onClick={() => {
              typed.clear();
              filter({ status: undefined, search: undefined });
            }}>{t('act.clearFilter')}</Button>}>{t('assets.noMatch', { status: status ? t(`status.${status}`) : t('assets.allStatuses'), search: search ?? t('state.none') })}</EmptyState>
          : <EmptyState icon={Images} title={t('assets.none')}>{t('assets.noneBody')}</EmptyState>
        : <Table rows={rows} columns={columns} id={row => row.id} label={t('tab.assets')} onOpen={setLooked} old={query.isPlaceholderData} />}
      <Pager {...pager} total={total} />
      {looked && <AssetDialog projectId={project.id} asset={looked} onClose={() => setLooked(undefined)} />}
    </Card>
  );
}
