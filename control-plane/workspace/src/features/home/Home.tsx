import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { House } from 'lucide-react';
import type { ProjectSummary } from '../../api';
import { buttonClass, Card, EmptyState, Page, PageHead, Skeleton } from '../../ui';
import { t, tn } from '../../words';
import { projectsQuery } from '../projects/queries';
import { managesOrganization, useSession } from '../session/session';
import { Trouble } from '../Trouble';
import { useTitle } from '../useTitle';
import css from './Home.module.css';

/** What goes on, and what waits for me. */
export function Home() {
  const session = useSession();
  const { data, error, isPending, refetch } = useQuery(projectsQuery);
  useTitle(t('nav.home'));
  const mine = data?.items ?? [];
  const waiting = mine.filter(project => open(project) > 0 || reviewable(project) > 0);
  const rest = mine.filter(project => !waiting.includes(project));
  return (
    <Page>
      <PageHead title={t('home.title', { name: session.person.name })} />
      {isPending && <Card><ul aria-busy>{[200, 160].map(width => <li key={width} className={css.item}><div className={css.text}><Skeleton width={width} height={12} /><Skeleton width={120} height={10} /></div><Skeleton width={76} height={28} /></li>)}</ul></Card>}
      {error && !data && <Card><Trouble error={error} onRetry={refetch} /></Card>}
      {data && mine.length === 0 && (
        <Card>
          <EmptyState icon={House} title={t('home.none')} action={<Link to="/projects" className={buttonClass()}>{t('nav.projects')}</Link>}>
            {managesOrganization(session) ? t('projects.noneAdmin') : t('projects.noneMember')}
          </EmptyState>
        </Card>
      )}
      {waiting.length > 0 && <Card><List projects={waiting} /></Card>}
      {rest.length > 0 && (
        <>
          <div className={css.title}><h2>{t('home.quiet')}</h2>{rest.length > quietShown && <Link to="/projects">{t('home.all')}</Link>}</div>
          <Card><ul>{rest.slice(0, quietShown).map(project => (
            <li key={project.id} className={css.quiet}><Link to="/projects/$projectId" params={{ projectId: project.id }} title={project.name}>{project.name}</Link><span>{t(`role.${project.role}`)}</span></li>
          ))}</ul></Card>
        </>
      )}
    </Page>
  );
}

const open = (project: ProjectSummary) => project.progress.toDo + project.progress.sentBack + project.progress.inProgress;
const reviewable = (project: ProjectSummary) => project.role === 'labeler' ? 0 : project.progress.submitted + project.progress.inReview;

const quietShown = 10;

function List({ projects }: { readonly projects: readonly ProjectSummary[] }) {
  return (
    <ul>{projects.map((project, index) => {
      const params = { projectId: project.id };
      const toReview = reviewable(project);
      const toLabel = open(project);
      const label = toLabel > 0;
      return (
        <li key={project.id} className={css.item}>
          <div className={css.text}>
            <Link to="/projects/$projectId" params={params} title={project.name}>{project.name}</Link>
            <p>{[
              t(`role.${project.role}`),
              project.progress.sentBack > 0 ? tn('home.sentBack', project.progress.sentBack) : undefined,
              toLabel > 0 ? tn('home.toLabel', toLabel) : undefined,
              toReview > 0 ? tn('home.toReview', toReview) : undefined,
            ].filter(Boolean).join(' · ')}</p>
          </div>
          <div className={css.actions}>
            {toReview > 0 && <Link to="/projects/$projectId/review" params={params} className={buttonClass(index === 0 && !label ? 'primary' : 'plain')}>{t('project.review')}</Link>}
            {label && <Link to="/projects/$projectId/label" params={params} className={buttonClass(index === 0 ? 'primary' : 'plain')}>{t('home.continue')}</Link>}
          </div>
        </li>
      );
    })}</ul>
  );
}
