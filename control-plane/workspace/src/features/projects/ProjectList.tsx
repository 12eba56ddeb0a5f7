import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Boxes, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { explain } from '../../api';
import { Button, Card, EmptyState, ErrorState, layout, Page, PageHead, PortionBar, SkeletonRows, CompactInput } from '../../ui';
import { figure, t, tn } from '../../words';
import { managesOrganization, useSession } from '../session/session';
import { useTitle } from '../useTitle';
import { CreateProject } from './CreateProject';
import css from './ProjectList.module.css';
import { portionsOf } from './progress';
import { projectsQuery } from './queries';

export function ProjectList() {
  const session = useSession();
  const { data, error, isPending, refetch } = useQuery(projectsQuery);
  const [creating, setCreating] = useState(false);
  const [filter, setFilter] = useState('');
  const [askedByAddress] = useState(() => location.hash === '#new');
  useTitle(t('nav.projects'));
  useEffect(() => {
    if (askedByAddress) setCreating(true);
  }, [askedByAddress]);

  const create = managesOrganization(session) ? <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>{t('project.create')}</Button> : undefined;
  const found = data?.items.filter(project => project.name.toLocaleLowerCase().includes(filter.trim().toLocaleLowerCase())) ?? [];
  return (
    <Page>
      <PageHead title={t('nav.projects')} actions={create} />
      <Card>
        {isPending && <SkeletonRows rows={4} widths={[220, 360, 60]} />}
        {error && <ErrorState reason={explain(error)} onRetry={() => void refetch()} />}
        {data?.items.length === 0 && <EmptyState icon={Boxes} title={t('projects.none')} action={create}>{create ? t('projects.noneAdmin') : t('projects.noneMember')}</EmptyState>}
        {data && data.items.length > 7 && <div className={layout.bar}><CompactInput label={t('projects.filter')} placeholder={t('projects.filter')} value={filter} onChange={event => setFilter(event.target.value)} /></div>}
        {data && data.items.length > 0 && found.length === 0 && (
          <EmptyState title={t('state.noMatch')} action={<Button onClick={() => setFilter('')}>{t('act.clearFilter')}</Button>}>{t('projects.noMatch', { filter })}</EmptyState>
        )}
        <ul className={css.list}>{found.map(project => (
          <li key={project.id}>
            <Link to="/projects/$projectId" params={{ projectId: project.id }} className={css.item}>
              <div className={css.text}><h2>{project.name}</h2><p title={project.description}>{project.description || t(`role.${project.role}`)}</p></div>
              <div className={css.bar}>
                <PortionBar portions={portionsOf(project.progress)} label={t('project.progress')} />
              </div>
              <div className={css.count}><strong>{t('project.percent', { percent: figure(percentDone(project.progress.done, project.progress.total)) })}</strong>{tn('project.assets', project.progress.total)}</div>
            </Link>
          </li>
        ))}</ul>
      </Card>
      {creating && <CreateProject onClose={() => setCreating(false)} />}
    </Page>
  );
}

const percentDone = (done: number, total: number) => total === 0 ? 0 : Math.floor((done / total) * 100);
