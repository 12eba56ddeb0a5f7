import { useParams, useSearch } from '@tanstack/react-router';
import { TaskPage } from '../features/annotate/TaskPage';
import { useOverlays } from './Frame';

/** The labeling step. */
export function LabelRoute() {
  const { projectId } = useParams({ from: '/signed-in/projects/$projectId/label' });
  const { task } = useSearch({ from: '/signed-in/projects/$projectId/label' });
  const overlays = useOverlays();
  return <><TaskPage projectId={projectId} kind="label" taskId={task} onHelp={overlays.openSheet} />{overlays.open}</>;
}

/** The review step. */
export function ReviewRoute() {
  const { projectId } = useParams({ from: '/signed-in/projects/$projectId/review' });
  const { task } = useSearch({ from: '/signed-in/projects/$projectId/review' });
  const overlays = useOverlays();
  return <><TaskPage projectId={projectId} kind="review" taskId={task} onHelp={overlays.openSheet} />{overlays.open}</>;
}
