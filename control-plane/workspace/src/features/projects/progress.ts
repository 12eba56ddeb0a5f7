import type { Progress } from '../../api';
import type { Portion } from '../../ui';
import { t } from '../../words';

/** How far a project is, in the order in which work moves. */
export function portionsOf(progress: Progress): readonly Portion[] {
  return [
    { kind: 'done', label: t('status.done'), count: progress.done },
    { kind: 'review', label: t('status.inReview'), count: progress.inReview + progress.submitted },
    { kind: 'doing', label: t('status.inProgress'), count: progress.inProgress },
    { kind: 'back', label: t('status.sentBack'), count: progress.sentBack },
    { kind: 'rest', label: t('status.toDo'), count: progress.toDo },
    ...(progress.skipped > 0 ? [{ kind: 'rest' as const, label: t('status.skipped'), count: progress.skipped }] : []),
  ];
}
