import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { CheckCheck, Circle, CircleDot, Clock, SlidersHorizontal, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { api, type QueueRow, type StepKind } from '../../api';
import { Badge, Button, Card, CompactSelect, EmptyState, IconButton, layout, Pager, Table, When, type Column, type Tone } from '../../ui';
import { figure, t, tn, tryText } from '../../words';
import { AssetDialog } from '../assets/AssetDialog';
import { useProject } from '../projects/ProjectFrame';
import { Trouble } from '../Trouble';
import { usePages } from '../usePages';
import { useTitle } from '../useTitle';
import { SteerTask } from './SteerTask';

const size = 100;
const kinds: readonly StepKind[] = ['labeling', 'review'];
const looks: Readonly<Record<string, readonly [Tone, LucideIcon]>> = { open: ['neutral', Circle], held: ['info', CircleDot], reserved: ['neutral', Clock] };

/** What waits, oldest first, and who has it. */
export function Queue() {
  const project = useProject();
  const navigate = useNavigate();
  const { kind } = useSearch({ from: '/signed-in/frame/projects/$projectId/queue' });
  const client = useQueryClient();
  const [looked, setLooked] = useState<QueueRow | undefined>();
  const [steered, setSteered] = useState<QueueRow | undefined>();
  const { query, rows, total, pager } = usePages(['queue', project.id, kind ?? ''], (paging, signal) => api.queue.list(project.id, { ...paging, kind }, signal), { size, again: () => 15_000 });
  useTitle(t('tab.queue'), project.name);
  const filter = (next: StepKind | undefined) => void navigate({ to: '/projects/$projectId/queue', params: { projectId: project.id }, search: next ? { kind: next } : {}, replace: true });
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
    <Card>
      <div className={layout.bar}>
        <CompactSelect label={t('queue.step')} value={kind ?? ''} onChange={event => filter((event.target.value || undefined) as StepKind | undefined)}>
          <option value="">{t('queue.everyStep')}</option>
          {kinds.map(one => <option key={one} value={one}>{t(`stepKind.${one}`)}</option>)}
        </CompactSelect>
        <span className={layout.grow} />
        <span className={layout.muted} role="status">{total === undefined ? '' : tn('queue.count', total)}</span>
      </div>
      {rows?.length === 0
        ? kind
          ? <EmptyState title={t('state.noMatch')} action={<Button onClick={() => filter(undefined)}>{t('act.clearFilter')}</Button>}>{t('queue.noMatch', { kind: t(`stepKind.${kind}`) })}</EmptyState>
          : <EmptyState icon={CheckCheck} title={t('queue.none')}>{t('queue.noneBody')}</EmptyState>
        : <Table rows={rows} columns={columns} id={row => row.id} label={t('tab.queue')} onOpen={setLooked} old={query.isPlaceholderData} />}
      <Pager {...pager} total={total} />
      {steered && <SteerTask projectId={project.id} task={steered} onClose={() => setSteered(undefined)} onSteered={() => client.invalidateQueries({ queryKey: ['queue', project.id] })} />}
      {looked && <AssetDialog projectId={project.id} asset={looked.asset} onClose={() => setLooked(undefined)} />}
    </Card>
  );
}
