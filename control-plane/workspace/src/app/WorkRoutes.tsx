import { useParams, useSearch } from '@tanstack/react-router';
import { TaskPage } from '../features/annotate/TaskPage';

/** The labeling step. */
export function LabelRoute() {
  const { projectId } = useParams({ from: '/signed-in/projects/$projectId/label' });
  const { task } = useSearch({ from: '/signed-in/projects/$projectId/label' });
  return <TaskPage projectId={projectId} kind="label" taskId={task} />;
}

/** The review step. */
export function ReviewRoute() {
  const { projectId } = useParams({ from: '/signed-in/projects/$projectId/review' });
  const { task } = useSearch({ from: '/signed-in/projects/$projectId/review' });
  return <TaskPage projectId={projectId} kind="review" taskId={task} />;
}
