import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CheckCheck } from 'lucide-react';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { api, explain, type WorkKind } from '../../api';
import { workerAssets } from '../../media';
import { buttonClass, EmptyState, ErrorState, Skeleton } from '../../ui';
import { t } from '../../words';
import { useSession } from '../session/session';
import { PictureStore } from '../task-queue/pictureStore';
import { WorkFlow } from '../task-queue/workFlow';
import { Desk } from './Desk';
import { Stage } from './Stage';
import css from './TaskPage.module.css';

interface PageProps {
  readonly projectId: string;
  readonly kind: WorkKind;
  readonly taskId: string | undefined;
}

/** One person at work: the next task opens, its result is sent, the one after it is already there. */
export function TaskPage({ projectId, kind, taskId }: PageProps) {
  const { workerVersion } = useSession();
  const client = useQueryClient();
  const flow = useMemo(() => new WorkFlow(projectId, kind, new PictureStore(workerAssets(workerVersion)), api.tasks), [projectId, kind, workerVersion]);
  useEffect(() => {
    void flow.open(taskId);
    return () => {
      flow.close();
      // The project's figures changed while people worked.
      void client.invalidateQueries();
    };
    // A task that is named in the address is opened once; what follows comes from the queue.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [flow]);
  const state = useSyncExternalStore(flow.subscribe, () => flow.state);
  const back = <Link to="/projects/$projectId" params={{ projectId }} className={buttonClass('primary')}>{t('work.back')}</Link>;
  switch (state.kind) {
    case 'task':
      return <Desk key={state.task.id + state.task.round} flow={flow} task={state.task} kind={kind} busy={state.busy} refusal={state.refusal} />;
    case 'arriving':
      return <main className={css.page}><div className={css.top} /><div className={css.tools} /><Stage picture={state.picture} label={state.asset.name} /><div className={css.panel} /><div className={css.status} /></main>;
    case 'empty':
      return <main><EmptyState icon={CheckCheck} title={t(kind === 'label' ? 'work.noneToLabel' : 'work.noneToReview')} action={back}>{t('work.noneBody')}</EmptyState></main>;
    case 'failed':
      return <main><ErrorState reason={explain(state.error)} onRetry={() => void flow.next()} action={back} /></main>;
    default:
      return <main className={css.page} aria-busy="true"><div className={css.top}><Skeleton width={240} height={16} /></div><div className={css.tools} /><div className={css.canvas} /><div className={css.panel} /><div className={css.status} /></main>;
  }
}
