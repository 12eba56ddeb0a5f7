import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Boxes, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api } from '../../api';
import { Badge, Button, Card, EmptyState, layout, Page, PageHead, Pager, PortionBar, SearchField, Skeleton } from '../../ui';
import { figure, t, tn } from '../../words';
import { managesOrganization, useSession } from '../session/session';
import { Trouble } from '../Trouble';
import { usePages } from '../usePages';
import { useSearchText } from '../useSearchText';
import { useTitle } from '../useTitle';
import { CreateProject } from './CreateProject';
import { DeletedProjects } from './DeletedProjects';
import css from './ProjectList.module.css';
import { portionsOf } from './progress';

const size = 50;

export function ProjectList() {
  const session = useSession();
  const navigate = useNavigate();
  const { search } = useSearch({ from: '/signed-in/frame/projects' });
  const typed = useSearchText(search, text => void navigate({ to: '/projects', search: text ? { search: text } : {}, replace: true }));
  const { query, rows, total, pager } = usePages(['projects', search ?? ''], (paging, signal) => api.projects.list({ ...paging, search }, signal), { size });
  const [creating, setCreating] = useState(false);
  const [askedByAddress] = useState(() => location.hash === '#new');
  useTitle(t('nav.projects'));
  useEffect(() => {
    if (askedByAddress) setCreating(true);
  }, [askedByAddress]);

  const create = managesOrganization(session) ? <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>{t('project.create')}</Button> : undefined;
  if (query.error && !rows) return <Trouble page error={query.error} onRetry={query.refetch} />;
  const few = !search && total !== undefined && total <= 7;
  return (
    <Page>
      <PageHead title={t('nav.projects')} actions={rows?.length !== 0 || search ? create : undefined} />
      <Card>
        {!few && (
          <div className={layout.bar}>
            <SearchField label={t('projects.filter')} value={typed.text} onChange={typed.setText} />
            <span className={layout.grow} />
            <span className={layout.muted} role="status">{total === undefined ? '' : tn('projects.count', total)}</span>
          </div>
        )}
        {rows?.length === 0 && (search
          ? <EmptyState title={t('state.noMatch')} action={<Button onClick={typed.clear}>{t('act.clearFilter')}</Button>}>{t('projects.noMatch', { filter: search })}</EmptyState>
          : <EmptyState icon={Boxes} title={t('projects.none')} action={create}>{create ? t('projects.noneAdmin') : t('projects.noneMember')}</EmptyState>)}
        <ul className={css.list} aria-busy={!rows || undefined}>
          {!rows && [220, 160, 190].map(width => <li key={width} className={css.item}><div className={css.text}><Skeleton width={width} height={12} /></div><Skeleton width="100%" height={8} /><Skeleton width={48} height={12} /></li>)}
          {rows?.map(project => (
            <li key={project.id}>
              <Link to="/projects/$projectId" params={{ projectId: project.id }} className={css.item}>
                <div className={css.text}><h2 title={project.name}>{project.name}{project.archived && <> <Badge>{t('project.archived')}</Badge></>}</h2><p title={project.description}>{project.description || t(`role.${project.role}`)}</p></div>
                <div className={css.bar}><PortionBar portions={portionsOf(project.progress)} label={t('project.progress')} /></div>
                <div className={css.count}><strong>{t('project.percent', { percent: figure(percentDone(project.progress.done, project.progress.total)) })}</strong>{tn('project.assets', project.progress.total)}</div>
              </Link>
            </li>
          ))}
        </ul>
        <Pager {...pager} total={total} />
      </Card>
      <DeletedProjects />
      {creating && <CreateProject onClose={() => setCreating(false)} />}
    </Page>
  );
}

const percentDone = (done: number, total: number) => total === 0 ? 0 : Math.floor((done / total) * 100);
