import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CheckCheck } from 'lucide-react';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { api, explain, type WorkKind } from '../../api';
import { Clipboard, emptyDocument, OntologyIndex, Workspace } from '../../engine';
import { workerAssets, type DecodedPicture } from '../../media';
import { buttonClass, EmptyState, ErrorState, Skeleton } from '../../ui';
import { t } from '../../words';
import { useSession } from '../session/session';
import { PictureStore } from '../task-queue/pictureStore';
import { WorkFlow, type FlowState } from '../task-queue/workFlow';
import { useTitle } from '../useTitle';
import { Desk } from './Desk';
import { StageView } from './StageView';
import css from './TaskPage.module.css';
import { Sessions } from './taskSession';

interface PageProps {
  readonly projectId: string;
  readonly kind: WorkKind;
  readonly taskId: string | undefined;
  readonly onHelp: () => void;
}

interface Work { readonly flow: WorkFlow; readonly sessions: Sessions; readonly clipboard: Clipboard }

/** One person at work: the next task opens, its result is sent, the one after it is already there. */
export function TaskPage({ projectId, kind, taskId, onHelp }: PageProps) {
  const { workerVersion } = useSession();
  const client = useQueryClient();
  const [work, setWork] = useState<Work>();
  useEffect(() => {
    const flow = new WorkFlow(projectId, kind, new PictureStore(workerAssets(workerVersion)), api.tasks);
    const sessions = new Sessions();
    setWork({ flow, sessions, clipboard: new Clipboard() });
    void flow.open(taskId);
    return () => {
      flow.close();
      sessions.close();
      // The project's figures changed while people worked.
      void client.invalidateQueries();
    };
    // A task that is named in the address is opened once; what follows comes from the queue.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [projectId, kind, workerVersion, client]);
  return work ? <Queue work={work} kind={kind} onHelp={onHelp} /> : <Blank />;
}

function Queue({ work, kind, onHelp }: { readonly work: Work; readonly kind: WorkKind; readonly onHelp: () => void }) {
  const { flow, sessions, clipboard } = work;
  const { person } = useSession();
  const state = useSyncExternalStore(flow.subscribe, () => flow.state);
  useTitle(nameOf(state));
  const back = <Link to="/projects/$projectId" params={{ projectId: flow.projectId }} className={buttonClass('primary')}>{t('work.back')}</Link>;
  switch (state.kind) {
    case 'task': {
      const { task, busy, refusal } = state;
      const picture = flow.pictures.ready(flow.pathOf(task.id, task.asset));
      const size = { width: task.asset.width ?? picture?.width ?? 1, height: task.asset.height ?? picture?.height ?? 1 };
      const session = sessions.of({ projectId: flow.projectId, personId: person.id, task, kind }, size);
      return <Desk key={task.id + task.round} {...{ flow, session, task, kind, busy, clipboard, onHelp }} refusal={refusal} />;
    }
    case 'arriving':
      return <Arriving picture={state.picture} name={state.asset.name} />;
    case 'empty':
      return <main className={css.center}><EmptyState icon={CheckCheck} title={t(kind === 'label' ? 'work.noneToLabel' : 'work.noneToReview')} action={back}>{t('work.noneBody')}</EmptyState></main>;
    case 'failed':
      return <main className={css.center}><ErrorState reason={explain(state.error)} onRetry={() => void flow.next()} action={back} /></main>;
    default:
      return <Blank />;
  }
}

const nameOf = (state: FlowState): string => state.kind === 'task' ? state.task.asset.name : state.kind === 'arriving' ? state.asset.name : t('work.title');

/** The next picture, in the turn in which the one before was sent. */
function Arriving({ picture, name }: { readonly picture: DecodedPicture; readonly name: string }) {
  const workspace = useMemo(() => new Workspace(emptyDocument(0), new OntologyIndex({ tools: [] }), picture, true), [picture]);
  return (
    <main className={css.page} aria-busy="true">
      <div className={css.top}><h1 className={css.name}>{name}</h1></div>
      <div className={css.tools} />
      <StageView picture={picture} label={t('work.canvas', { name })} workspace={workspace} />
      <div className={css.panel} /><div className={css.status} />
    </main>
  );
}

/** The shape of the page while it is not known what it shows. */
function Blank() {
  return (
    <main className={css.page} aria-busy="true">
      <div className={css.top}><Skeleton width={240} height={16} /></div>
      <div className={css.tools} /><div className={css.canvas} /><div className={css.panel} /><div className={css.status} />
    </main>
  );
}
