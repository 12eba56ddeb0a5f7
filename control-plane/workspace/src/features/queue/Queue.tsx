import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { CheckCheck, Circle, CircleDot, Clock, ListChecks, SlidersHorizontal, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { api, type QueueRow, type QueueSearch, type StepKind } from '../../api';
import { Badge, Button, Card, Check, CompactSelect, EmptyState, IconButton, layout, Pager, SearchField, Table, When, type Column, type Tone } from '../../ui';
import { figure, t, tn, tryText } from '../../words';
import { AssetDialog } from '../assets/AssetDialog';
import { useProject } from '../projects/ProjectFrame';
import { Trouble } from '../Trouble';
import { usePages } from '../usePages';
import { useSearchText } from '../useSearchText';
import { useTitle } from '../useTitle';
import { BulkAct } from './BulkAct';
import { QueueJobs } from './QueueJobs';
import { SteerTask } from './SteerTask';

const size = 100;
const kinds: readonly StepKind[] = ['labeling', 'review'];
const looks: Readonly<Record<string, readonly [Tone, LucideIcon]>> = { open: ['neutral', Circle], held: ['info', CircleDot], reserved: ['neutral', Clock] };

/** What waits, oldest first, and who has it. */
export function Queue() {
  const project = useProject();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/frame/projects/$projectId/queue' });
  const { kind } = search;
  const [bulk, setBulk] = useState(false);
  const client = useQueryClient();
  const [looked, setLooked] = useState<QueueRow | undefined>();
  const [steered, setSteered] = useState<QueueRow | undefined>();
  const { query, rows, total, pager } = usePages(['queue', project.id, search], (paging, signal) => api.queue.list(project.id, { ...paging, ...search }, signal), { size, again: () => 15_000 });
  useTitle(t('tab.queue'), project.name);
  const filter = (next: QueueSearch) => void navigate({ to: '/projects/$projectId/queue', params: { projectId: project.id }, search: Object.fromEntries(Object.entries({ ...search, ...next }).filter(([, value]) => value !== undefined)), replace: true });
  const clear = () => void navigate({ to: '/projects/$projectId/queue', params: { projectId: project.id }, search: {}, replace: true });
  const words = useSearchText(search.search, text => filter({ search: text }));
  const filtered = Object.keys(search).length > 0;
  const columns: readonly Column<QueueRow>[] = [
    { key: 'asset', head: t('queue.asset'), width: 200, cell: row => row.asset.name, title: row => row.asset.name },
    { key: 'step', head: t('queue.step'), cell: row => row.step.name, title: row => row.step.name },
    { key: 'state', head: t('queue.state'), cell: row => {
      const [tone, icon] = looks[row.state] ?? ['neutral', Circle];
      return <Badge tone={tone} icon={icon}>{tryText(`queueState.${row.state}`) ?? row.state}</Badge>;
    } },
    { key: 'holder', head: t('queue.holder'), width: 120, cell: row => row.holder?.name ?? t('state.none'), title: row => row.holder?.name },
    { key: 'until', head: t('queue.until'), cell: row => row.leaseExpiresAt ? <When at={row.leaseExpiresAt} /> : t('state.none') },
    { key: 'assigned', head: t('queue.assigned'), width: 110, cell: row => row.assignedTo?.name ?? (row.sentBackTo ? t('queue.backTo', { name: row.sentBackTo.name }) : t('state.none')), title: row => row.assignedTo?.name ?? row.sentBackTo?.name },
    { key: 'due', head: t('queue.due'), cell: row => row.dueAt ? <When at={row.dueAt} /> : t('state.none') },
    { key: 'round', head: t('assets.round'), number: true, width: 20, cell: row => figure(row.round) },
    { key: 'priority', head: t('queue.priority'), number: true, width: 20, cell: row => figure(row.priority) },
    { key: 'controls', head: t('members.controls'), controls: true, cell: row => <IconButton icon={SlidersHorizontal} side="left" label={t('steer.title', { name: row.asset.name })} onClick={() => setSteered(row)} /> },
  ];
  if (query.error && !rows) return <Card><Trouble error={query.error} onRetry={query.refetch} /></Card>;
  return (
    <>
    <QueueJobs projectId={project.id} />
    <Card>
      <div className={layout.bar}>
        <SearchField label={t('assets.search')} value={words.text} onChange={words.setText} />
        <CompactSelect label={t('queue.step')} value={kind ?? ''} onChange={event => filter({ kind: (event.target.value || undefined) as StepKind | undefined })}>
          <option value="">{t('queue.everyStep')}</option>
          {kinds.map(one => <option key={one} value={one}>{t(`stepKind.${one}`)}</option>)}
        </CompactSelect>
        <CompactSelect label={t('queue.state')} value={search.hold ?? ''} onChange={event => filter({ hold: (event.target.value || undefined) as QueueSearch['hold'] })}>
          <option value="">{t('bulk.everyHold')}</option><option value="held">{t('bulk.held')}</option><option value="free">{t('bulk.free')}</option>
        </CompactSelect>
        <CompactSelect label={t('queue.assigned')} value={search.owner ?? ''} onChange={event => filter({ owner: (event.target.value || undefined) as QueueSearch['owner'] })}>
          <option value="">{t('bulk.everyOwner')}</option><option value="somebody">{t('bulk.somebodys')}</option><option value="anybody">{t('bulk.anybodys')}</option>
        </CompactSelect>
        <Check label={t('bulk.overdue')} checked={search.overdue ?? false} onChange={event => filter({ overdue: event.target.checked || undefined })} />
        <span className={layout.grow} />
        {!project.archivedAt && <Button icon={ListChecks} onClick={() => setBulk(true)}>{t('bulk.open')}</Button>}
        <span className={layout.muted} role="status">{total === undefined ? '' : tn('queue.count', total)}</span>
      </div>
      {rows?.length === 0
        ? filtered
          ? <EmptyState title={t('state.noMatch')} action={<Button onClick={clear}>{t('act.clearFilter')}</Button>}>{kind && t('queue.noMatch', { kind: t(`stepKind.${kind}`) })}</EmptyState>
          : <EmptyState icon={CheckCheck} title={t('queue.none')}>{t('queue.noneBody')}</EmptyState>
        : <Table rows={rows} columns={columns} id={row => row.id} label={t('tab.queue')} onOpen={setLooked} old={query.isPlaceholderData} />}
      <Pager {...pager} total={total} />
      {steered && <SteerTask projectId={project.id} task={steered} onClose={() => setSteered(undefined)} onSteered={() => client.invalidateQueries({ queryKey: ['queue', project.id] })} />}
      {bulk && <BulkAct projectId={project.id} onClose={() => setBulk(false)} filter={{ kind: kind ?? null, search: search.search ?? null, hold: search.hold ?? null, owner: search.owner ?? null, priorityFrom: null, priorityTo: null, overdue: search.overdue ?? false }} />}
      {looked && <AssetDialog projectId={project.id} asset={looked.asset} onClose={() => setLooked(undefined)} />}
    </Card>
    </>
  );
}
