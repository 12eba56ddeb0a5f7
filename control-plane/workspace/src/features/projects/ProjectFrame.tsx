import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { ClipboardCheck, FolderX, PenTool } from 'lucide-react';
import { useMemo } from 'react';
import { isProblem } from '../../api';
import { Banner, buttonClass, EmptyState, layout, Page, PageHead, Skeleton, useCommands, type Command } from '../../ui';
import { t } from '../../words';
import { Trouble } from '../Trouble';
import { useLive } from '../useLive';
import { AgentsAway } from './AgentsAway';
import { Notices } from './Notices';
import { may, projectQuery } from './queries';

const tabs = [
  { to: '/projects/$projectId', text: 'tab.overview', act: 'project.view' },
  { to: '/projects/$projectId/queue', text: 'tab.queue', act: 'queue.manage' },
  { to: '/projects/$projectId/assets', text: 'tab.assets', act: 'assets.explore' },
  { to: '/projects/$projectId/issues', text: 'tab.issues', act: 'thread.take_part' },
  { to: '/projects/$projectId/members', text: 'tab.members', act: 'members.view' },
  { to: '/projects/$projectId/ontology', text: 'tab.ontology', act: 'project.view' },
  { to: '/projects/$projectId/guidelines', text: 'tab.guidelines', act: 'project.view' },
  { to: '/projects/$projectId/workflow', text: 'tab.workflow', act: 'assets.explore' },
  { to: '/projects/$projectId/quality', text: 'tab.quality', act: 'assets.explore' },
  { to: '/projects/$projectId/imports', text: 'tab.imports', act: 'storage.manage' },
  { to: '/projects/$projectId/settings', text: 'tab.settings', act: 'project.manage' },
] as const;

/** Head, tabs and alerts around every page of a project. */
export function ProjectFrame() {
  const { projectId = '' } = useParams({ strict: false });
  const { data: project, error, isPending, refetch } = useQuery(projectQuery(projectId));
  const navigate = useNavigate();
  useLive(projectId);

  useCommands(useMemo<readonly Command[]>(() => {
    if (!project) return [];
    const group = project.name;
    return [
      ...(may(project, 'task.work') ? [{ id: 'label', group, title: t('project.label'), run: () => void navigate({ to: '/projects/$projectId/label', params: { projectId } }) }] : []),
      ...(may(project, 'task.review') ? [{ id: 'review', group, title: t('project.review'), run: () => void navigate({ to: '/projects/$projectId/review', params: { projectId } }) }] : []),
      ...tabs.filter(tab => may(project, tab.act)).map(tab => ({ id: tab.to, group, title: t(tab.text), run: () => void navigate({ to: tab.to, params: { projectId } }) })),
    ];
  }, [navigate, project, projectId]));

  if (isPending) return <Page><div className={layout.headWait}><Skeleton width={240} height={20} /><Skeleton width={320} height={12} /></div><Skeleton width="100%" height={37} /><Skeleton width="100%" height={220} /></Page>;
  if (error && !project) {
    return isProblem(error) && error.status === 404
      ? <EmptyState page icon={FolderX} title={t('project.unknown')} action={<Link to="/projects" className={buttonClass()}>{t('nav.projects')}</Link>}>{t('project.unknownBody')}</EmptyState>
      : <Trouble page error={error} onRetry={refetch} />;
  }

  const reviews = may(project, 'task.review') && project.steps.some(step => step.kind === 'review');
  const waitsForReview = project.steps.some(step => step.kind === 'review' && step.toDo > 0);
  const reviewFirst = reviews && waitsForReview && !project.steps.some(step => step.kind === 'labeling' && step.toDo > 0);
  const shown = tabs.filter(tab => may(project, tab.act));
  return (
    <Page>
      <PageHead title={project.name} lead={project.description}
        actions={!project.archivedAt && <>
          {reviews && <Link to="/projects/$projectId/review" params={{ projectId }} className={buttonClass(reviewFirst ? 'primary' : 'plain')}><ClipboardCheck size={16} aria-hidden />{t('project.review')}</Link>}
          {may(project, 'task.work') && <Link to="/projects/$projectId/label" params={{ projectId }} className={buttonClass(reviewFirst ? 'plain' : 'primary')}><PenTool size={16} aria-hidden />{t('project.label')}</Link>}
        </>} />
      {shown.length > 1 && (
        <nav className={layout.tabs} aria-label={t('project.parts')}>{shown.map(tab =>
          <Link key={tab.to} to={tab.to} params={{ projectId }} activeOptions={{ exact: true, includeSearch: false }}>{t(tab.text)}</Link>)}</nav>
      )}
      {project.archivedAt && <Banner title={t('project.archived')}>{may(project, 'project.manage') ? t('project.archivedAdmin') : t('project.archivedBody')}</Banner>}
      <Notices project={project} />
      <AgentsAway agents={project.agents} />
      <Outlet />
    </Page>
  );
}

/** The project of the page around. The frame draws its pages only once it is there. */
export function useProject() {
  const { projectId = '' } = useParams({ strict: false });
  const { data } = useQuery(projectQuery(projectId));
  if (!data) throw new Error('Project pages are drawn inside the project frame.');
  return data;
}
