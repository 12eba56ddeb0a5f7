import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, BookOpen, CircleHelp, MessagesSquare, Clock3, CloudOff, LoaderCircle, Route, Save } from 'lucide-react';
import type { TaskView } from '../../api';
import type { DecodedPicture } from '../../media';
import { IconButton } from '../../ui';
import { clock as timeOfDay, t, tn } from '../../words';
import { projectQuery } from '../projects/queries';
import { threadsOfAsset } from '../threads/threadsQuery';
import type { LeaseState } from '../task-queue/leaseKeeper';
import type { DraftState } from './draftKeeper';
import css from './TaskPage.module.css';

interface TopProps {
  readonly projectId: string;
  readonly task: TaskView;
  readonly draft: DraftState;
  readonly lease: LeaseState;
  readonly road: DecodedPicture['road'];
  /** A result is on its way. */
  readonly sending: boolean;
  /** The guidelines stand beside the task. */
  readonly guided: boolean;
  readonly onGuide: () => void;
  /** Issues and questions stand beside the task. */
  readonly talking: boolean;
  readonly onTalk: () => void;
  readonly onHelp: () => void;
}

/** Where I am, and in words what is saved, how long the task is mine and how the picture came. */
export function DeskTop({ projectId, task, draft, lease, road, sending, guided, onGuide, talking, onTalk, onHelp }: TopProps) {
  const { data: project } = useQuery(projectQuery(projectId));
  const { data: threads } = useQuery(threadsOfAsset(projectId, task.asset.id));
  const open = threads?.items.filter(one => one.status === 'open').length ?? 0;
  const SaveIcon = draft.kind === 'offline' ? CloudOff : draft.kind === 'kept' || sending ? LoaderCircle : Save;
  return (
    <header className={css.top}>
      <nav className={css.crumbs} aria-label={t('nav.where')}>
        <Link to="/projects/$projectId" params={{ projectId }} className={css.back} title={t('work.back')} aria-label={t('work.back')}><ArrowLeft size={16} aria-hidden /></Link>
        {project && <Link to="/projects/$projectId" params={{ projectId }} className={css.project}>{project.name}</Link>}
        {project && <span className={css.slash} aria-hidden>{t('work.slash')}</span>}
        <h1 className={css.name} title={task.asset.name}>{task.asset.name}</h1>
      </nav>
      <span className={css.quiet}>{t('work.step', { step: task.step.name, round: task.round })}</span>
      <span className={css.quiet} role="status"><SaveIcon size={14} aria-hidden />{sending ? t('work.sending', { name: task.asset.name }) : draft.kind === 'saved' ? t('work.saved', { time: timeOfDay(draft.at) }) : t(`work.draft.${draft.kind}`)}</span>
      <span className={css.quiet}><Clock3 size={14} aria-hidden />{lease.kind === 'held' || lease.kind === 'ending' ? t('work.heldUntil', { time: timeOfDay(lease.until).slice(0, 5) }) : t(`work.lease.${lease.kind}`)}</span>
      {road && <span className={css.quiet} title={t(`work.roadHint.${road}`)}><Route size={14} aria-hidden />{t(`work.road.${road}`)}</span>}
      <button type="button" className={css.count} aria-pressed={talking} onClick={onTalk}><MessagesSquare size={16} aria-hidden />{tn('thread.openHere', open)}</button>
      <IconButton icon={BookOpen} label={task.guidelineVersion === null ? t('guide.beside') : t('guide.versionLong', { version: task.guidelineVersion })} keys="G" pressed={guided} side="end" onClick={onGuide} />
      <IconButton icon={CircleHelp} label={t('nav.help')} keys="?" side="end" onClick={onHelp} />
    </header>
  );
}
