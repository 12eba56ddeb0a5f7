import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CircleSlash, LoaderCircle, Undo2, type LucideIcon } from 'lucide-react';
import { api, explain, type QueueJobView } from '../../api';
import { Badge, Button, Card, ErrorBanner, layout, PortionBar, When, type Tone } from '../../ui';
import { figure, t } from '../../words';
import { useAct } from '../useAct';

const shown = 5;
const runningMilliseconds = 1_500;
const looks: Readonly<Record<QueueJobView['state'], readonly [Tone, LucideIcon]>> = { running: ['info', LoaderCircle], done: ['good', CircleCheck], cancelled: ['neutral', CircleSlash] };

/** The newest acts on many tasks: how far they are, what they changed, and the way back. */
export function QueueJobs({ projectId }: { readonly projectId: string }) {
  const client = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ['queue-jobs', projectId],
    queryFn: ({ signal }) => api.queueJobs.list(projectId, signal),
    refetchInterval: ({ state }) => state.data?.items.some(job => job.state === 'running') ? runningMilliseconds : false,
  });
  const changed = () => Promise.all(['queue-jobs', 'queue'].map(name => client.invalidateQueries({ queryKey: [name, projectId] })));
  const undo = useAct({ mutationFn: (job: string) => api.queueJobs.undo(projectId, job), onSettled: changed });
  const cancel = useAct({ mutationFn: (job: string) => api.queueJobs.cancel(projectId, job), onSettled: changed });
  const failed = undo.error ?? cancel.error ?? error;
  if (!failed && (data?.items.length ?? 0) === 0) return null;
  return (
    <Card pad title={t('bulk.jobs')}>
      {failed && <ErrorBanner reason={explain(failed)} />}
      {(data?.items ?? []).slice(0, shown).map(job => {
        const [tone, icon] = looks[job.state];
        const worked = job.changed + job.unchanged + job.refused;
        return (
          <div key={job.id} className={layout.stack}>
            <div className={layout.row}>
              <Badge tone={tone} icon={icon}>{t(`bulk.state.${job.state}`)}</Badge>
              <strong>{t(`bulk.acts.${job.act}`)}</strong>
              <span className={layout.grow}>{[job.person?.name ?? job.team, job.argument.priority === null ? undefined : figure(job.argument.priority), t('bulk.figures', { changed: figure(job.changed), unchanged: figure(job.unchanged), refused: figure(job.refused), total: figure(job.total) }), job.undone ? t('bulk.undone') : undefined].filter(Boolean).join(' · ')}</span>
              <span className={layout.muted}>{job.by?.name} <When at={job.createdAt} /></span>
              {job.state === 'running' && <Button busy={cancel.isPending} onClick={() => cancel.run(job.id)}>{t('bulk.stop')}</Button>}
              {job.canBeUndone && <Button icon={Undo2} busy={undo.isPending} onClick={() => undo.run(job.id)}>{t('bulk.undo')}</Button>}
            </div>
            {job.state === 'running' && <PortionBar label={t('bulk.progress')} portions={[{ kind: 'done', label: t('bulk.worked'), count: worked }, { kind: 'rest', label: t('bulk.left'), count: Math.max(0, job.total - worked) }]} />}
          </div>
        );
      })}
    </Card>
  );
}
