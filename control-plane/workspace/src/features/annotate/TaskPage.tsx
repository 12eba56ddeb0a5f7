import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CheckCheck, LoaderCircle } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { api, explain, isProblem, type WorkKind } from '../../api';
import { Clipboard, emptyDocument, OntologyIndex, Workspace } from '../../engine';
import type { DecodedPicture } from '../../media';
import { buttonClass, EmptyState, ErrorState, Skeleton } from '../../ui';
import { t } from '../../words';
import { sessionAssets, useSession } from '../session/session';
import { PictureStore } from '../task-queue/pictureStore';
import { WorkFlow, type FlowState } from '../task-queue/workFlow';
import { onPeopleChanged } from '../people/peopleChanged';
import { useTitle } from '../useTitle';
import { Desk } from './Desk';
import { sendAgain } from './outbox';
import { StageView } from './StageView';
import css from './TaskPage.module.css';
import { Sessions } from './taskSession';

const ReadGuidelines = lazy(() => import('../guidelines/ReadGuidelines').then(found => ({ default: found.ReadGuidelines })));

interface PageProps {
  readonly projectId: string;
  readonly kind: WorkKind;
  readonly taskId: string | undefined;
  readonly onHelp: () => void;
}

interface Work { readonly flow: WorkFlow; readonly sessions: Sessions; readonly clipboard: Clipboard; readonly begin: () => void }

/** One person at work: the next task opens, its result is sent, the one after it is already there. */
export function TaskPage({ projectId, kind, taskId, onHelp }: PageProps) {
  const personId = useSession().person.id;
  const client = useQueryClient();
  const [work, setWork] = useState<Work>();
  useEffect(() => {
    const flow = new WorkFlow(projectId, kind, new PictureStore(sessionAssets(client)), api.tasks);
    const sessions = new Sessions();
    // First what an earlier page could not finish: its task would else be given out once more.
    const begin = () => void sendAgain(personId).finally(() => flow.open(taskId));
    setWork({ flow, sessions, clipboard: new Clipboard(), begin });
    begin();
    const stop = onPeopleChanged(changed => changed === projectId && void flow.nameAnew().catch(() => undefined));
    return () => {
      stop();
      flow.close();
      sessions.close();
      // The project's figures changed while people worked.
      void client.invalidateQueries();
    };
    // A task that is named in the address is opened once; what follows comes from the queue.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [projectId, kind, personId, client]);
  return work ? <Queue work={work} kind={kind} onHelp={onHelp} /> : <Blank />;
}

function Queue({ work, kind, onHelp }: { readonly work: Work; readonly kind: WorkKind; readonly onHelp: () => void }) {
  const { flow, sessions, clipboard, begin } = work;
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
      return <Desk key={`${task.id} ${task.round} ${task.draft?.revision ?? 0}`} {...{ flow, session, task, kind, busy, clipboard, onHelp }} refusal={refusal} />;
    }
    case 'arriving':
      return <Arriving picture={state.picture} name={state.asset.name} sent={state.sent} />;
    case 'empty':
      return <main className={css.center}><EmptyState icon={CheckCheck} title={t(kind === 'label' ? 'work.noneToLabel' : 'work.noneToReview')} action={back}>{t('work.noneBody')}</EmptyState></main>;
    case 'failed':
      if (isProblem(state.error, 'guideline.unread')) return <Suspense fallback={<Blank />}><ReadGuidelines projectId={flow.projectId} onRead={begin} back={back} /></Suspense>;
      return <main className={css.center}><ErrorState reason={explain(state.error)} onRetry={begin} action={back} /></main>;
    default:
      return <Blank />;
  }
}

const nameOf = (state: FlowState): string => state.kind === 'task' ? state.task.asset.name : state.kind === 'arriving' ? state.asset.name : t('work.title');

/** The next picture, in the turn in which the one before was sent. */
function Arriving({ picture, name, sent }: { readonly picture: DecodedPicture; readonly name: string; readonly sent: string }) {
  const workspace = useMemo(() => new Workspace(emptyDocument(0), new OntologyIndex({ tools: [] }), picture, true), [picture]);
  return (
    <main className={css.page} aria-busy="true">
      <div className={css.top}>
        <div className={css.crumbs}><h1 className={css.name}>{name}</h1></div>
        <span className={css.quiet} role="status"><LoaderCircle size={14} aria-hidden />{t('work.sending', { name: sent })}</span>
      </div>
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
