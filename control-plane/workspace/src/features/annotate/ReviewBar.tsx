import { Check, Pencil, Undo } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api, type ReviewBody, type TaskLabel, type TaskView } from '../../api';
import type { Editor } from '../../engine';
import { Button, CompactSelect, Dialog, isTyping, TextArea } from '../../ui';
import { t, when } from '../../words';
import css from './TaskPage.module.css';

interface BarProps {
  readonly projectId: string;
  readonly task: TaskView;
  readonly label: TaskLabel;
  readonly editor: Editor;
  readonly busy: boolean;
  readonly correcting: boolean;
  readonly onCorrect: () => void;
  readonly send: (act: (key: string) => Promise<unknown>) => Promise<void>;
  readonly activeMs: () => number;
}

/** What a reviewer decides: approve, correct, or send back with a reason. */
export function ReviewBar({ projectId, task, label, editor, busy, correcting, onCorrect, send, activeMs }: BarProps) {
  const [score, setScore] = useState('');
  const [sendingBack, setSendingBack] = useState(false);
  const [reason, setReason] = useState('');
  const decide = (body: Pick<ReviewBody, 'outcome'> & Partial<ReviewBody>) => void send(key =>
    api.tasks.review(projectId, task.id, key, { document: null, reason: null, score: score ? Number(score) : null, ...body, labelId: label.id, activeMs: activeMs() }));
  const approve = () => decide(correcting ? { outcome: 'correct', document: editor.state.document } : { outcome: 'approve' });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key === 'a' && !correcting) approve();
      else if (key === 'e' && !correcting) onCorrect();
      else if (key === 'j') setSendingBack(true);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
  return (
    <section className={css.section} aria-label={t('review.title')}>
      <h2>{t('review.by', { name: label.author?.name ?? t('work.someone'), when: when(label.createdAt) })}</h2>
      <div className={css.classes}>
        <Button kind="primary" icon={Check} keys={correcting ? 'Ctrl+↵' : 'A'} busy={busy} onClick={approve}>{t(correcting ? 'review.approveCorrected' : 'review.approve')}</Button>
        {!correcting && <Button icon={Pencil} keys="E" onClick={onCorrect}>{t('review.correct')}</Button>}
        <Button icon={Undo} keys="J" onClick={() => setSendingBack(true)}>{t('review.sendBack')}</Button>
      </div>
      <CompactSelect label={t('review.score')} value={score} onChange={event => setScore(event.target.value)}>
        <option value="">{t('review.noScore')}</option>
        {[1, 2, 3, 4, 5].map(one => <option key={one} value={one}>{t('review.scoreOf', { score: one })}</option>)}
      </CompactSelect>
      {sendingBack && (
        <Dialog title={t('review.sendBackTitle')} onClose={() => setSendingBack(false)} onSubmit={() => reason.trim() && decide({ outcome: 'sendBack', reason: reason.trim() })}
          foot={<><Button onClick={() => setSendingBack(false)}>{t('act.cancel')}</Button><Button kind="primary" type="submit" aria-disabled={!reason.trim()}>{t('review.sendBack')}</Button></>}>
          <TextArea label={t('work.reason')} rows={3} value={reason} onChange={event => setReason(event.target.value)} autoFocus />
        </Dialog>
      )}
    </section>
  );
}
