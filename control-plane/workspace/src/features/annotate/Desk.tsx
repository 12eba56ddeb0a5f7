import { Image } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, useSyncExternalStore, type CSSProperties } from 'react';
import { api, explain, type ReviewBody, type TaskLabel, type TaskView, type WorkKind } from '../../api';
import { compare, findingsOf, type Clipboard, type Difference } from '../../engine';
import type { DecodedPicture } from '../../media';
import { noFilters, type ViewFilters } from '../../render/pictureLayer';
import type { Comparison, Stage } from '../../render/stage';
import { Button, Confirm, ErrorState, useLasting } from '../../ui';
import { t } from '../../words';
import { NetworkLink } from '../NetworkLink';
import { ThreadMarks } from '../threads/ThreadMarks';
import { ThreadPanel, type Talk } from '../threads/ThreadPanel';
import { useLive } from '../useLive';
import { pictureFailure } from '../task-queue/pictureFailure';
import type { WorkFlow } from '../task-queue/workFlow';
import type { DeskActs } from './deskActions';
import { DeskTop } from './DeskTop';
import { goToFinding } from './findings';
import { AnswerPanel } from './panel/AnswerPanel';
import { ClassStrip } from './panel/ClassStrip';
import { Notices } from './panel/Notices';
import { ObjectList } from './panel/ObjectList';
import { PanelResizer, rememberedPanel } from './PanelResizer';
import { ReasonDialog } from './ReasonDialog';
import { Differences } from './review/Differences';
import { ReviewBar, type Shown } from './review/ReviewBar';
import { StageView } from './StageView';
import { StatusBar } from './StatusBar';
import css from './TaskPage.module.css';
import type { Sending } from './draftStore';
import type { TaskSession } from './taskSession';
import { ToolRail } from './ToolRail';
import { useDeskKeys } from './useDeskKeys';
import { pickDocument, useWorkspace } from './useWorkspace';

/** What draws Markdown comes behind the picture: nothing at the desk waits for it. */
const GuidelineBeside = lazy(() => import('../guidelines/GuidelineBeside').then(found => ({ default: found.GuidelineBeside })));

interface DeskProps {
  readonly flow: WorkFlow;
  readonly session: TaskSession;
  readonly task: TaskView;
  readonly kind: WorkKind;
  readonly busy: boolean;
  readonly refusal: unknown;
  readonly clipboard: Clipboard;
  readonly onHelp: () => void;
}

const nothing: readonly Difference[] = [];
const noAnswers: readonly TaskLabel[] = [];
/** A picture that is not there by then is said to be slow, and can be asked for anew. */
const slowMilliseconds = 6_000;

/** One task on the desk. */
export function Desk({ flow, session, task, kind, busy, refusal, clipboard, onHelp }: DeskProps) {
  const { projectId } = flow;
  const { workspace, drafts, lease, original } = session;
  const review = kind === 'review' && task.label !== null;
  const [picture, setPicture] = useState<DecodedPicture | undefined>(() => flow.pictures.ready(flow.pathOf(task.id, task.asset)));
  const [failure, setFailure] = useState<unknown>();
  const [checks, setChecks] = useState(false);
  const [asking, setAsking] = useState<'skip' | 'sendBack'>();
  const [filters, setFilters] = useState<ViewFilters>(noFilters);
  const [stage, setStage] = useState<Stage>();
  const [panel, setPanel] = useState(rememberedPanel);
  const [guided, setGuided] = useState(false);
  const [talk, setTalk] = useState<Talk>();
  const [choosing, setChoosing] = useState(false);
  useLive(projectId);
  const tell = (next: Talk | undefined) => {
    setChoosing(false);
    setTalk(next);
  };
  const [shown, setShown] = useState<Shown>('mine');
  const [score, setScore] = useState<number | null>(null);
  const [taking, setTaking] = useState<TaskLabel | undefined>();
  const readOnly = useWorkspace(workspace, () => workspace.readOnly);
  const document = useWorkspace(workspace, pickDocument);
  const slow = useLasting(!picture && !failure, slowMilliseconds);
  const saved = useSyncExternalStore(drafts.subscribe, () => drafts.state);
  const held = useSyncExternalStore(lease.subscribe, () => lease.state);
  const differences = useMemo(() => review && original ? compare(original, document) : nothing, [review, original, document]);
  const comparison = useMemo<Comparison | undefined>(() => review && original ? { shown, original, differences } : undefined, [review, original, shown, differences]);

  // Only one's own document is changed: looking at the original ends with the first change.
  const [changedWhile, setChangedWhile] = useState(document);
  if (changedWhile !== document) {
    setChangedWhile(document);
    if (shown === 'original') setShown('mine');
  }
  const show = (next: Shown) => {
    if (next === 'original') workspace.draw(undefined);
    setShown(next);
  };

  const load = useCallback((again: boolean) => {
    const path = flow.pathOf(task.id, task.asset);
    setFailure(undefined);
    (again ? flow.pictures.retry(path) : flow.pictures.load(path)).then(loaded => {
      setPicture(loaded);
      if (task.asset.width !== null) return;
      // The first view tells the size while the agent's second pass has not.
      workspace.setSize(loaded);
      void api.tasks.dimensions(projectId, task.id, { width: loaded.width, height: loaded.height, orientation: 1 }).catch(() => undefined);
    }, (error: unknown) => setFailure(pictureFailure(error, task.asset)));
  }, [flow, task, projectId, workspace]);
  useEffect(() => load(false), [load]);
  const unpaintable = useCallback(() => setFailure(pictureFailure('unpaintable', task.asset)), [task]);
  useEffect(() => stage?.focus(), [stage]);

  const send = (act: (key: string) => Promise<unknown>, review?: Sending['review']) =>
    void flow.finish(key => session.send(() => act(key), { key, name: task.asset.name, ...(review && { review }) }));
  /** True when nothing is missing; else the person is taken to the first thing that is. */
  const complete = (): boolean => {
    const [first] = findingsOf(workspace.state.document, workspace.ontology, workspace.size);
    setChecks(true);
    if (first) goToFinding(first, workspace);
    return first === undefined;
  };
  const submit = () => complete() && send(key => api.tasks.submit(projectId, task.id, key, { document: workspace.state.document, activeMs: session.activeMs }));
  const decide = ({ document = null, ...body }: Pick<ReviewBody, 'outcome'> & Partial<ReviewBody>) => {
    if (!task.label) return;
    const review = { reason: null, score, ...body, labelId: task.label.id };
    send(key => api.tasks.review(projectId, task.id, key, { ...review, document, activeMs: session.activeMs }), review);
  };
  const approve = () => {
    if (differences.length === 0) decide({ outcome: 'approve' });
    else if (complete()) decide({ outcome: 'correct', document: workspace.state.document });
  };
  // Another's answer in its place is looked at as a correction of the one that was chosen; what was drawn oneself is not lost unasked.
  const take = (answer: TaskLabel) => {
    const isAnswers = differences.length === 0 || (task.answers ?? noAnswers).some(one => one.document === document);
    if (isAnswers) workspace.reset(answer.document);
    else setTaking(answer);
  };
  const acts: DeskActs = {
    submit: () => review ? approve() : submit(),
    skip: () => review || setAsking('skip'),
    approve,
    // What was corrected is not thrown away by a key: it ends only while nothing differs.
    correct: () => differences.length === 0 ? workspace.setReadOnly(!workspace.readOnly) : stage?.focus(),
    sendBack: () => setAsking('sendBack'),
    score: one => setScore(before => before === one ? null : one),
    compare: () => setShown(before => before === 'differences' ? 'mine' : 'differences'),
    guidelines: () => setGuided(before => !before),
    comment: () => tell({ kind: 'new' }),
    showPictureAlone: () => {
      const ids = workspace.state.document.objects.map(object => object.id);
      workspace.setHidden(ids, ids.some(id => !workspace.state.hidden.has(id)));
    },
    focusPicture: () => stage?.focus(),
  };
  useDeskKeys({ workspace, clipboard, stage, review, acts }, !readOnly);

  return (
    <main className={css.page} style={{ '--panel': `${panel}px` } as CSSProperties}>
      <DeskTop projectId={projectId} task={task} draft={saved} lease={held} road={picture?.road} sending={busy} guided={guided} onGuide={acts.guidelines} talking={talk !== undefined} onTalk={() => tell(talk ? undefined : { kind: 'list' })} onHelp={onHelp} />
      {review && task.label && <ReviewBar workspace={workspace} label={task.label} busy={busy} correcting={!readOnly} changed={differences.length} shown={shown} onShown={show}
        score={score} onScore={setScore} answers={task.answers ?? noAnswers} onTake={take} onApprove={approve} onCorrect={acts.correct} onSendBack={acts.sendBack} />}
      <ToolRail workspace={workspace} readOnly={readOnly} filters={filters} onFilters={setFilters} />
      {failure ? <div className={css.canvas}><div className={css.over}><ErrorState reason={explain(failure)} onRetry={() => load(true)} action={<><NetworkLink error={failure} />{!review && <Button onClick={acts.skip}>{t('work.skip')}</Button>}</>} /></div></div>
        : picture ? <StageView picture={picture} label={t('work.canvas', { name: task.asset.name })} workspace={workspace} filters={filters} comparison={comparison} onStage={setStage} onUnpaintable={unpaintable} />
          : <div className={css.canvas} aria-busy="true"><div className={css.wait} role="status"><Image size={24} aria-hidden />{t(slow ? 'work.slowPicture' : 'work.loadingPicture')}
            {slow && <Button onClick={() => load(true)}>{t('act.tryAgain')}</Button>}
          </div></div>}
      {picture && !failure && <ThreadMarks projectId={projectId} assetId={task.asset.id} workspace={workspace} choosing={choosing} onOpen={thread => tell({ kind: 'thread', id: thread.id })} onPlace={place => tell({ kind: 'new', place })} />}
      <aside className={css.panel} aria-label={t('work.panel')}>
        <PanelResizer width={panel} onWidth={setPanel} />
        <Notices session={session} task={task} refusal={refusal} checks={checks} draft={saved} lease={held} onNext={() => void flow.next()} onReload={() => void flow.reload()} />
        {review && shown === 'differences' && original && <Differences workspace={workspace} original={original} differences={differences} />}
        {!readOnly && <ClassStrip workspace={workspace} />}
        {task.guidelineVersion !== null || guided ? <Suspense fallback={null}><GuidelineBeside projectId={projectId} workspace={workspace} open={guided} onClose={() => setGuided(false)} /></Suspense> : null}
        {talk && <ThreadPanel projectId={projectId} asset={task.asset} workspace={workspace} talk={talk} onTalk={tell} choosing={choosing} onChoose={setChoosing} />}
        <ObjectList workspace={workspace} />
        <AnswerPanel workspace={workspace} showsMissing={checks} readOnly={readOnly} />
      </aside>
      <StatusBar workspace={workspace}>
        {!review && <>
          <Button keys="Ctrl ⇧ ↵" onClick={acts.skip}>{t('work.skip')}</Button>
          <Button kind="primary" keys="Ctrl ↵" busy={busy} onClick={submit}>{t('work.submit')}</Button>
        </>}
      </StatusBar>
      {taking && <Confirm title={t('review.takeTitle')} act={t('review.take')} onClose={() => setTaking(undefined)} onConfirm={() => {
        workspace.reset(taking.document);
        setTaking(undefined);
      }}>{t('review.takeBody')}</Confirm>}
      {asking === 'skip' && <ReasonDialog title={t('work.skipTitle')} act={t('work.skip')} lead={t('work.skipLead')} onClose={() => setAsking(undefined)} onReason={reason => {
        setAsking(undefined);
        void flow.finish(() => session.send(() => api.tasks.skip(projectId, task.id, reason)));
      }} />}
      {asking === 'sendBack' && <ReasonDialog title={t('review.sendBackTitle')} act={t('review.sendBack')} lead={t('review.sendBackLead')} onClose={() => setAsking(undefined)} onReason={reason => {
        setAsking(undefined);
        decide({ outcome: 'sendBack', reason });
      }} />}
    </main>
  );
}
