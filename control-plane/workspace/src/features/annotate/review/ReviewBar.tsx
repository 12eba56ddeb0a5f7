import { ArrowDown, ArrowUp, Check, Pencil, Undo } from 'lucide-react';
import type { TaskLabel } from '../../../api';
import { positionOf, selectNext, type Workspace } from '../../../engine';
import type { Comparison } from '../../../render/stage';
import { Button, IconButton } from '../../../ui';
import { t, tn, when } from '../../../words';
import { Rating } from '../AnswerForm';
import { pickDocument, pickSelection, useWorkspace } from '../useWorkspace';
import css from './review.module.css';

export type Shown = Comparison['shown'];
const views = ['original', 'mine', 'differences'] as const satisfies readonly Shown[];

interface BarProps {
  readonly workspace: Workspace;
  readonly label: TaskLabel;
  readonly busy: boolean;
  readonly correcting: boolean;
  readonly changed: number;
  readonly shown: Shown;
  readonly onShown: (shown: Shown) => void;
  readonly score: number | null;
  readonly onScore: (score: number | null) => void;
  readonly onApprove: () => void;
  readonly onCorrect: () => void;
  readonly onSendBack: () => void;
  /** Of several people, where they were asked; taking one over makes it the document. */
  readonly answers: readonly TaskLabel[];
  readonly onTake: (answer: TaskLabel) => void;
}

/** What a reviewer decides, and how they look at the label. */
export function ReviewBar({ workspace, label, busy, correcting, changed, shown, onShown, score, onScore, onApprove, onCorrect, onSendBack, answers, onTake }: BarProps) {
  return (
    <section className={css.bar} aria-label={t('review.title')}>
      <div className={css.look}>
        <span className={css.by}>{t('review.by', { name: label.author?.name ?? t('work.someone'), when: when(label.createdAt) })}</span>
        <Stepper workspace={workspace} />
        <div className={css.views} role="group" aria-label={t('review.views')}>{views.map(one => (
          <button key={one} type="button" aria-pressed={shown === one} onClick={() => onShown(one)}>{one === 'differences' ? t('review.differences', { count: changed }) : t(`review.view.${one}`)}</button>
        ))}</div>
      </div>
      {answers.length > 0 && (
        <div className={css.look}>
          <span className={css.by}>{t('review.answers')}</span>
          <div className={css.views} role="group" aria-label={t('review.answers')}>{answers.map(answer => (
            <button key={answer.id} type="button" aria-pressed={workspace.state.document === answer.document} title={t('review.take')} onClick={() => onTake(answer)}>{answer.author?.name ?? t('work.someone')}</button>
          ))}</div>
        </div>
      )}
      <div className={css.decide}>
        <span className={css.score}><span>{t('review.score')}</span><Rating name={t('review.score')} most={5} value={score ?? undefined} onRate={onScore} /></span>
        <Button icon={Undo} keys="J" onClick={onSendBack}>{t('review.sendBack')}</Button>
        <Button icon={Pencil} keys="E" aria-pressed={correcting} onClick={onCorrect}>{t(correcting ? 'review.correcting' : 'review.correct')}</Button>
        <Button kind="primary" icon={Check} keys="A" busy={busy} onClick={onApprove}>{t(changed > 0 ? 'review.approveCorrected' : 'review.approve')}</Button>
      </div>
    </section>
  );
}

/** One object after the other. */
function Stepper({ workspace }: { readonly workspace: Workspace }) {
  const document = useWorkspace(workspace, pickDocument);
  const selection = useWorkspace(workspace, pickSelection);
  const [id] = selection;
  const at = id === undefined ? -1 : positionOf(document, id);
  const count = document.objects.length;
  return (
    <span className={css.stepper}>
      <IconButton icon={ArrowUp} label={t('keys.act.stepPrevious')} keys="↑" disabled={count === 0} onClick={() => selectNext(workspace, -1)} />
      <span>{count === 0 ? t('work.noObjects') : at < 0 ? tn('review.objects', count) : t('review.objectOf', { number: at + 1, count })}</span>
      <IconButton icon={ArrowDown} label={t('keys.act.stepNext')} keys="↓" disabled={count === 0} onClick={() => selectNext(workspace, 1)} />
    </span>
  );
}
