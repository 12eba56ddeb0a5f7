import { Link } from '@tanstack/react-router';
import { ArrowLeft, CircleDot, Eye, EyeOff, MousePointer2, Pentagon, Redo2, Spline, Square, Trash2, Undo2, type LucideIcon } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { api, explain, isProblem, type TaskView, type WorkKind } from '../../api';
import { Editor, emptyDocument, objectOf, OntologyIndex, type DrawnKind, type LabelDocument } from '../../engine';
import { AssetUnavailable, type DecodedPicture } from '../../media';
import { colourOf, type CanvasStage } from '../../render/canvasStage';
import { Banner, Button, Dialog, ErrorBanner, ErrorState, IconButton, TextArea } from '../../ui';
import { clock as timeOfDay, t } from '../../words';
import { useSession } from '../session/session';
import { ActivityClock } from '../task-queue/activityClock';
import { LeaseKeeper } from '../task-queue/leaseKeeper';
import type { WorkFlow } from '../task-queue/workFlow';
import { AnswerForm } from './AnswerForm';
import { DraftKeeper } from './draftKeeper';
import { dropDraft, keepDraft, readDraft } from './draftStore';
import { ReviewBar } from './ReviewBar';
import { Stage } from './Stage';
import css from './TaskPage.module.css';
import { useDeskKeys } from './useDeskKeys';

interface DeskProps {
  readonly flow: WorkFlow;
  readonly task: TaskView;
  readonly kind: WorkKind;
  readonly busy: boolean;
  readonly refusal: unknown;
}

const toolIcons: Record<DrawnKind, LucideIcon> = { box: Square, polygon: Pentagon, polyline: Spline, point: CircleDot };
const toolKeys: Record<DrawnKind, string> = { box: 'R', polygon: 'P', polyline: 'L', point: 'K' };
const toolNames = { box: 'tool.box', polygon: 'tool.polygon', polyline: 'tool.polyline', point: 'tool.point' } as const;

/** What the task begins with: the person's own draft, else the label that is judged or came back, else nothing. */
const beginning = (task: TaskView): LabelDocument =>
  task.draft?.document ?? (task.label ? { ...task.label.document, ontologyVersion: task.ontology.version } : emptyDocument(task.ontology.version));

/** One task on the desk. */
export function Desk({ flow, task, kind, busy, refusal }: DeskProps) {
  const { person } = useSession();
  const { projectId } = flow;
  const [picture, setPicture] = useState<DecodedPicture | undefined>(() => flow.pictures.ready(flow.pathOf(task.id, task.asset)));
  const [failure, setFailure] = useState<unknown>();
  const [correcting, setCorrecting] = useState(kind === 'label' || task.draft !== null);
  const [showsMissing, setShowsMissing] = useState(false);
  const [skipping, setSkipping] = useState(false);
  const [stage, setStage] = useState<CanvasStage>();
  const [zoom, setZoom] = useState(100);
  const index = useMemo(() => new OntologyIndex(task.ontology.document), [task]);
  const size = useMemo(() => ({ width: task.asset.width ?? picture?.width ?? 1, height: task.asset.height ?? picture?.height ?? 1 }), [task, picture]);
  const [start, setStart] = useState(() => beginning(task));
  const editor = useMemo(() => new Editor(start, index, size, !correcting), [start, index, size, correcting]);
  const state = useSyncExternalStore(editor.subscribe, () => editor.state);

  const activity = useMemo(() => new ActivityClock(), []);
  const drafts = useMemo(() => new DraftKeeper({ personId: person.id, projectId, taskId: task.id }, {
    keepLocally: keepDraft,
    dropLocally: () => dropDraft(person.id, task.id),
    saveOnServer: body => api.tasks.saveDraft(projectId, task.id, body),
  }, () => activity.activeMs, task.draft?.revision ?? 0), [person.id, projectId, task, activity]);
  const lease = useMemo(() => new LeaseKeeper(task.lease, () => api.tasks.heartbeat(projectId, task.id), activity), [projectId, task, activity]);
  const saved = useSyncExternalStore(drafts.subscribe, () => drafts.state);
  const held = useSyncExternalStore(lease.subscribe, () => lease.state);

  const load = useCallback((again: boolean) => {
    const path = flow.pathOf(task.id, task.asset);
    setFailure(undefined);
    (again ? flow.pictures.retry(path) : flow.pictures.load(path)).then(loaded => {
      setPicture(loaded);
      // The first view tells the size while the agent's second pass has not.
      if (task.asset.width === null) void api.tasks.dimensions(projectId, task.id, { width: loaded.width, height: loaded.height, orientation: 1 }).catch(() => undefined);
    }, setFailure);
  }, [flow, task, projectId]);

  useEffect(() => load(false), [load]);
  useEffect(() => {
    drafts.reopen();
    void readDraft(person.id, task.id).then(local => {
      if (!local || (task.draft && local.revision <= task.draft.revision)) return;
      setStart(local.document);
      setCorrecting(true);
      drafts.resume(local.document);
    });
    const leave = () => void drafts.flush();
    addEventListener('pagehide', leave);
    addEventListener('online', () => drafts.tryNow());
    return () => {
      removeEventListener('pagehide', leave);
      drafts.close();
      lease.close();
    };
  }, [drafts, lease, person.id, task]);
  useEffect(() => editor.subscribe(() => {
    activity.act();
    if (editor.state.document !== start) drafts.changed(editor.state.document);
  }), [editor, drafts, activity, start]);
  useEffect(() => {
    if (saved.kind === 'taken') lease.taken();
  }, [saved, lease]);
  useEffect(() => stage?.focus(), [stage]);

  const send = useCallback(async (act: (key: string) => Promise<unknown>) => {
    activity.act();
    setShowsMissing(true);
    const done = await flow.finish(async key => {
      await act(key);
      await drafts.finish();
    });
    if (!done) drafts.reopen();
  }, [flow, drafts, activity]);
  const submit = useCallback(() => void send(key =>
    api.tasks.submit(projectId, task.id, key, { document: editor.state.document, activeMs: Math.round(activity.activeMs) })), [send, projectId, task, editor, activity]);

  useDeskKeys({ editor, stage, submit: kind === 'label' ? submit : undefined, skip: () => setSkipping(true) });

  const selected = state.selected === undefined ? undefined : objectOf(state.document, state.selected);
  const violations = isProblem(refusal, 'label.invalid') ? refusal.violations ?? [] : [];
  const saveWords = saved.kind === 'saved' ? t('work.saved', { time: timeOfDay(saved.at) }) : t(`work.draft.${saved.kind}`);
  return (
    <main className={css.page}>
      <header className={css.top}>
        <Link to="/projects/$projectId" params={{ projectId }} aria-label={t('work.back')}><ArrowLeft size={16} aria-hidden /></Link>
        <h1 className={css.name} title={task.asset.name}>{task.asset.name}</h1>
        <span className={css.quiet}>{t('work.step', { step: task.step.name, round: task.round })}</span>
        <span className={css.grow} />
        <span className={css.quiet} role="status">{saveWords}</span>
        <span className={css.quiet}>{held.kind === 'held' || held.kind === 'ending' ? t('work.heldUntil', { time: timeOfDay(held.until) }) : t(`work.lease.${held.kind}`)}</span>
      </header>
      <nav className={css.tools} aria-label={t('work.tools')}>
        <IconButton icon={MousePointer2} label={t('work.select')} keys="V" side="right" pressed={!state.drawing} onClick={() => editor.draw(undefined)} />
        {(['box', 'polygon', 'polyline', 'point'] as const).map(one => index.toolsOfKind(one).length > 0 && (
          <IconButton key={one} icon={toolIcons[one]} label={t(toolNames[one])} keys={toolKeys[one]} side="right" pressed={state.drawing?.kind === one} disabled={editor.readOnly} onClick={() => editor.drawKind(one)} />
        ))}
        <IconButton icon={Undo2} label={t('work.undo')} keys="Ctrl+Z" side="right" disabled={!state.canUndo && state.points.length === 0} onClick={() => editor.undo()} />
        <IconButton icon={Redo2} label={t('work.redo')} keys="Ctrl+Shift+Z" side="right" disabled={!state.canRedo} onClick={() => editor.redo()} />
        <IconButton icon={Trash2} label={t('work.delete')} keys="Del" side="right" disabled={!selected || editor.readOnly} onClick={() => editor.removeSelected()} />
      </nav>
      {failure ? <div className={css.canvas}><div className={css.over}><ErrorState reason={explain(failure)} {...(failure instanceof AssetUnavailable ? { onRetry: () => load(true) } : {})} /></div></div>
        : picture ? <Stage picture={picture} label={t('work.canvas', { name: task.asset.name })} editor={editor} onStage={setStage} onZoom={setZoom} />
          : <div className={css.canvas} aria-busy="true" />}
      <aside className={css.panel} aria-label={t('work.panel')}>
        {refusal !== undefined && <div className={css.section}><ErrorBanner reason={explain(refusal)} />
          {violations.length > 0 && <ul className={css.violations}>{violations.map(one => (
            <li key={one.path + one.code}><button type="button" className={css.link} onClick={() => one.objectId && editor.select(one.objectId)}>{one.message}</button></li>
          ))}</ul>}
        </div>}
        {task.sentBack && <div className={css.section}><Banner tone="warn" title={t('work.sentBack', { name: task.sentBack.by?.name ?? t('work.someone') })}>{task.sentBack.reason}</Banner></div>}
        {kind === 'review' && task.label && <ReviewBar task={task} label={task.label} editor={editor} busy={busy} correcting={correcting} onCorrect={() => setCorrecting(true)} send={send} projectId={projectId} activeMs={() => Math.round(activity.activeMs)} />}
        {!editor.readOnly && <section className={css.section}>
          <h2>{t('work.classes')}</h2>
          <div className={css.classes}>{index.tools.map(tool => (
            <button key={tool.id} type="button" className={css.class} aria-pressed={state.drawing?.id === tool.id} aria-keyshortcuts={index.keyOf(tool.id)} onClick={() => editor.draw(tool.id)}>
              <i className={css.swatch} style={{ background: colourOf(editor, tool.id) }} />{tool.name}<span className={css.quiet}>{index.keyOf(tool.id)}</span>
            </button>
          ))}</div>
        </section>}
        <section className={css.section}>
          <h2>{t('work.objects', { count: state.document.objects.length })}</h2>
          <ul className={css.list}>{state.document.objects.map((object, at) => (
            <li key={object.id} className={css.row}>
              <button type="button" className={css.object} aria-pressed={object.id === state.selected} onClick={() => editor.select(object.id)}>
                <i className={css.swatch} style={{ background: colourOf(editor, object.tool) }} />{t('work.object', { name: index.tool(object.tool)?.name ?? object.tool, number: at + 1 })}
              </button>
              <IconButton icon={state.hidden.has(object.id) ? EyeOff : Eye} label={t('work.hide')} keys="H" side="left" pressed={state.hidden.has(object.id)} onClick={() => editor.toggleHidden(object.id)} />
            </li>
          ))}</ul>
        </section>
        {selected && (index.tool(selected.tool)?.questions?.length ?? 0) > 0 && <section className={css.section}>
          <h2>{t('work.objectAnswers', { name: index.tool(selected.tool)?.name ?? '' })}</h2>
          <AnswerForm owner={selected.id} questions={index.tool(selected.tool)?.questions ?? []} answers={selected.answers} showsMissing={showsMissing} readOnly={editor.readOnly} onAnswer={(question, value) => editor.answer(selected.id, question, value)} />
        </section>}
        {index.questions.length > 0 && <section className={css.section}>
          <h2>{t('work.answers')}</h2>
          <AnswerForm owner="asset" questions={index.questions} answers={state.document.answers} showsMissing={showsMissing} readOnly={editor.readOnly} onAnswer={(question, value) => editor.answer(undefined, question, value)} />
        </section>}
      </aside>
      <footer className={css.status}>
        <span className={css.quiet}>{t('work.zoom', { percent: zoom })}</span>
        <span className={css.hint}>{t(`work.hint.${editor.hint}`, { name: state.drawing?.name ?? '' })}</span>
        <span className={css.grow} />
        {kind === 'label' && <>
          <Button keys="Ctrl+Shift+↵" onClick={() => setSkipping(true)}>{t('work.skip')}</Button>
          <Button kind="primary" keys="Ctrl+↵" busy={busy} onClick={submit}>{t('work.submit')}</Button>
        </>}
      </footer>
      {skipping && <SkipDialog onClose={() => setSkipping(false)} onSkip={reason => {
        setSkipping(false);
        void send(() => api.tasks.skip(projectId, task.id, reason));
      }} />}
    </main>
  );
}

function SkipDialog({ onClose, onSkip }: { readonly onClose: () => void; readonly onSkip: (reason: string) => void }) {
  const [reason, setReason] = useState('');
  const skip = () => reason.trim() && onSkip(reason.trim());
  return (
    <Dialog title={t('work.skipTitle')} onClose={onClose} onSubmit={skip} foot={<><Button onClick={onClose}>{t('act.cancel')}</Button><Button kind="primary" type="submit" aria-disabled={!reason.trim()}>{t('work.skip')}</Button></>}>
      <TextArea label={t('work.reason')} rows={3} value={reason} onChange={event => setReason(event.target.value)} autoFocus />
    </Dialog>
  );
}
