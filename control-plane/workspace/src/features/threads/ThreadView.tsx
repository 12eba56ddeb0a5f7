import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { api, explain, type ThreadItem } from '../../api';
import { Button, CompactSelect, ErrorBanner, layout, say, Skeleton, When } from '../../ui';
import { t } from '../../words';
import { may, projectQuery } from '../projects/queries';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { Composer } from './Composer';
import { partsOf, type Mentioned } from './mentions';
import { ThreadBadge } from './ThreadLine';
import css from './Threads.module.css';
import { threadQuery } from './threadsQuery';

/** Asks everything about threads of the project anew. */
export function useThreadsChanged(projectId: string): () => Promise<unknown> {
  const client = useQueryClient();
  return () => Promise.all(['threads', 'thread', 'thread-counts'].map(name => client.invalidateQueries({ queryKey: [name, projectId] })));
}

interface ThreadProps {
  readonly projectId: string;
  readonly threadId: string;
  /** What else can be done with it here, such as showing its place. */
  readonly more?: (thread: ThreadItem) => ReactNode;
}

/** One thread: what it is about, what was said, and what the person may do. Seeing it is remembered. */
export function ThreadView({ projectId, threadId, more }: ThreadProps) {
  const { data, error, isPending, refetch } = useQuery(threadQuery(projectId, threadId));
  const { data: project } = useQuery(projectQuery(projectId));
  const changed = useThreadsChanged(projectId);
  const judges = project !== undefined && may(project, 'task.review');
  const unread = data?.thread.unread ?? false;
  const comments = data?.thread.comments;
  useEffect(() => {
    if (!unread) return;
    // A moment on the screen: what only flew by was not seen.
    const timer = setTimeout(() => void api.threads.see(projectId, threadId).then(changed, () => undefined), 800);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `changed` is made anew with each drawing and does the same
  }, [unread, comments, projectId, threadId]);
  const comment = useAct({ mutationFn: (text: string) => api.threads.comment(projectId, threadId, text), onSuccess: changed });
  const settle = useAct({ mutationFn: (status: ThreadItem['status']) => api.threads.settle(projectId, threadId, status), onSuccess: changed, onError: () => void refetch() });
  if (isPending) return <div className={css.thread} aria-busy="true"><Skeleton width={160} height={20} /><Skeleton width="100%" height={40} /><Skeleton width="100%" height={40} /></div>;
  if (!data) return <Trouble error={error} onRetry={refetch} />;
  const { thread } = data;
  return (
    <div className={css.thread}>
      <div className={css.acts}>
        <ThreadBadge thread={thread} />
        <span className={css.small}>{[thread.step, t('thread.round', { round: thread.round }), thread.guideline === null ? undefined : t('guide.versionLong', { version: thread.guideline })].filter(Boolean).join(' · ')}</span>
        {more?.(thread)}
      </div>
      {thread.becameGuideline !== null && <p className={css.choose}>{t('thread.becameLong', { version: thread.becameGuideline })}</p>}
      {settle.error && <ErrorBanner reason={explain(settle.error)} />}
      <ol className={css.comments}>{data.comments.map(one => (
        <li key={one.id} className={css.comment}>
          <span className={css.who}><strong>{one.by?.name ?? t('work.someone')}</strong><When at={one.at} /></span>
          <p><Said text={one.text} people={data.people} /></p>
        </li>
      ))}</ol>
      {thread.status !== 'open' && data.settledBy && <p className={css.small}>{t(`thread.settled.${thread.status}`, { name: data.settledBy.name })} {data.settledAt && <When at={data.settledAt} />}</p>}
      {!project?.archivedAt && <>
        <Composer projectId={projectId} keep={`comment ${threadId}`} label={t('thread.comment')} act={t('thread.send')} busy={comment.isPending} error={comment.error}
          onSend={(text, done) => {
            comment.reset();
            comment.run(text);
            sent.set(threadId, done);
          }} />
        <Sent threadId={threadId} success={comment.isSuccess} />
        <div className={css.acts}>
          {thread.maySettle && (thread.status === 'open'
            ? <><Button busy={settle.isPending} onClick={() => settle.run('solved')}>{t('thread.solve')}</Button><Button busy={settle.isPending} onClick={() => settle.run('cancelled')}>{t('thread.cancel')}</Button></>
            : <Button busy={settle.isPending} onClick={() => settle.run('open')}>{t('thread.reopen')}</Button>)}
        </div>
        {judges && <Steering projectId={projectId} thread={thread} guidelines={project?.guidelineVersion ?? null} onChanged={changed} />}
      </>}
    </div>
  );
}

/** What empties a composer once its text has gone. */
const sent = new Map<string, () => void>();
function Sent({ threadId, success }: { readonly threadId: string; readonly success: boolean }) {
  useEffect(() => {
    if (!success) return;
    sent.get(threadId)?.();
    sent.delete(threadId);
  }, [success, threadId]);
  return null;
}

function Said({ text, people }: { readonly text: string; readonly people: readonly Mentioned[] }) {
  return <>{partsOf(text, people).map((part, index) => typeof part === 'string' ? <span key={index}>{part}</span> : <span key={index} className={css.mention}>@{part.name}</span>)}</>;
}

interface SteeringProps {
  readonly projectId: string;
  readonly thread: ThreadItem;
  readonly guidelines: number | null;
  readonly onChanged: () => Promise<unknown>;
}

/** Who is to answer, and which guideline version the answer became. */
function Steering({ projectId, thread, guidelines, onChanged }: SteeringProps) {
  const people = useQuery({ queryKey: ['thread-people', projectId, ''], queryFn: ({ signal }) => api.threads.people(projectId, { limit: 100 }, signal), staleTime: 60_000 });
  const assign = useAct({ mutationFn: (person: string | null) => api.threads.assign(projectId, thread.id, person), onSuccess: async () => (say(t('thread.assigned')), onChanged()) });
  const link = useAct({ mutationFn: (version: number | null) => api.threads.link(projectId, thread.id, version), onSuccess: onChanged });
  const failed = assign.error ?? link.error;
  const offered = people.data?.items ?? [];
  return (
    <>
      {failed && <ErrorBanner reason={explain(failed)} />}
      <div className={css.acts}>
        <label className={layout.row}><span className={css.small}>{t('thread.assignee')}</span>
          <CompactSelect label={t('thread.assignee')} value={thread.assignee?.id ?? ''} onChange={event => assign.run(event.target.value || null)}>
            <option value="">{t('thread.anybody')}</option>
            {thread.assignee && !offered.some(one => one.id === thread.assignee?.id) && <option value={thread.assignee.id}>{thread.assignee.name}</option>}
            {offered.map(one => <option key={one.id} value={one.id}>{one.name}</option>)}
          </CompactSelect>
        </label>
        {guidelines !== null && (
          <label className={layout.row}><span className={css.small}>{t('thread.guideline')}</span>
            <CompactSelect label={t('thread.guideline')} value={thread.becameGuideline ?? ''} onChange={event => link.run(event.target.value ? Number(event.target.value) : null)}>
              <option value="">{t('thread.noGuideline')}</option>
              {Array.from({ length: Math.min(guidelines, 50) }, (_, index) => guidelines - index).map(version => <option key={version} value={version}>{t('guide.version', { version })}</option>)}
            </CompactSelect>
          </label>
        )}
      </div>
    </>
  );
}
