import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleSlash, Import } from 'lucide-react';
import type { Project, ProjectStep } from '../../api';
import { Badge, buttonClass, Card, EmptyState, Hidden, layout, PortionBar } from '../../ui';
import { day, figure, t } from '../../words';
import { useSession } from '../session/session';
import { useTitle } from '../useTitle';
import { Alerts } from './Alerts';
import css from './Overview.module.css';
import { useProject } from './ProjectFrame';
import { portionsOf } from './progress';
import { may } from './queries';

export function Overview() {
  const project = useProject();
  const { organization } = useSession();
  useTitle(project.name);
  const canImport = may(project, 'storage.manage');
  if (project.progress.total === 0) {
    return (
      <Card>
        <EmptyState icon={Import} title={t('overview.empty')}
          action={canImport && <Link to="/projects/$projectId/imports" params={{ projectId: project.id }} className={buttonClass()}>{t('imports.start')}</Link>}>
          {canImport ? t('overview.emptyAdmin') : t('overview.emptyMember')}
        </EmptyState>
      </Card>
    );
  }
  return (
    <div className={css.grid}>
      <div className={css.main}>
        {canImport && <Alerts projectId={project.id} />}
        <Card pad title={t('overview.steps')}>{project.steps.map(step => <Step key={step.id} step={step} />)}</Card>
        <Card pad title={t('overview.throughput')}><Throughput days={project.throughput} /></Card>
      </div>
      <div className={css.main}>
        <Card pad title={t('overview.assets')}>
          <PortionBar portions={portionsOf(project.progress)} label={t('project.progress')} legend />
        </Card>
        <Card pad title={t('overview.storage')}>
          {project.connections.length === 0 && <p className={layout.muted}>{t('overview.noStorage')}</p>}
          {project.agents.map(agent => (
            <div key={agent.id}>
              <div className={layout.row}><span className={css.agent} title={agent.name}>{agent.name}</span>{agent.online
                ? <Badge tone="good" icon={CircleCheck}>{t('agent.online')}</Badge>
                : <Badge tone="warn" icon={CircleSlash}>{t('agent.offline')}</Badge>}</div>
              <p className={layout.muted}>{project.connections.filter(one => one.agentId === agent.id).map(one => one.name).join(', ')}</p>
            </div>
          ))}
        </Card>
        <Card pad title={t('overview.about')}>
          <dl className={layout.facts}>
            <dt>{t('overview.role')}</dt><dd>{t(`role.${project.role}`)}</dd>
            <dt>{t('overview.organization')}</dt><dd>{organization.name}</dd>
            <dt>{t('overview.ontology')}</dt><dd>{t('ontology.version', { version: project.ontologyVersion })}</dd>
            <dt>{t('overview.separation')}</dt><dd>{project.stepSeparation ? t('overview.separationOn') : t('overview.separationOff')}</dd>
            <dt>{t('anonymous.title')}</dt><dd>{project.anonymized ? t('anonymous.onBody') : t('anonymous.off')}</dd>
          </dl>
        </Card>
      </div>
    </div>
  );
}

function Step({ step }: { readonly step: ProjectStep }) {
  return (
    <div className={css.step}>
      <h3>{step.name}</h3>
      <PortionBar label={step.name} portions={[
        { kind: 'done', label: t('status.done'), count: step.done },
        { kind: 'doing', label: t('status.inProgress'), count: step.doing },
        { kind: 'rest', label: t('status.toDo'), count: step.toDo },
      ]} />
      <div className={css.figures}>{t('overview.stepFigures', { done: step.done, doing: step.doing, toDo: step.toDo })}</div>
    </div>
  );
}

function Throughput({ days }: { readonly days: Project['throughput'] }) {
  const most = Math.max(1, ...days.map(one => Math.max(one.labels, one.reviews)));
  if (days.every(one => one.labels + one.reviews === 0)) return <p className={layout.muted}>{t('overview.noThroughput')}</p>;
  return (
    <div>
      <div><span className={css.key}><i aria-hidden />{t('overview.labels')}</span><span className={css.key}><i className={css.reviews} aria-hidden />{t('overview.reviews')}</span><span className={css.key}>{t('overview.most', { most: figure(most) })}</span></div>
      <div className={css.chart} aria-hidden>
        {days.map(one => (
          <div key={one.date} className={css.bars} title={t('overview.dayFigures', { day: day(one.date), labels: one.labels, reviews: one.reviews })}>
            <i style={{ height: `${(one.labels / most) * 100}%` }} /><i className={css.reviews} style={{ height: `${(one.reviews / most) * 100}%` }} />
          </div>
        ))}
      </div>
      <div className={css.axis} aria-hidden>{days.map((one, index) => <span key={one.date}>{index % 3 === 1 ? day(one.date) : ''}</span>)}</div>
      <Hidden><ul>{days.map(one => <li key={one.date}>{t('overview.dayFigures', { day: day(one.date), labels: one.labels, reviews: one.reviews })}</li>)}</ul></Hidden>
    </div>
  );
}

