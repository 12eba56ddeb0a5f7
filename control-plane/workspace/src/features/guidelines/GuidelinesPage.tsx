import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { BookOpen, BookOpenCheck, GitCompareArrows, Pencil } from 'lucide-react';
import { useState } from 'react';
import { api, explain, type Guideline } from '../../api';
import { Badge, Button, Card, CompactSelect, EmptyState, ErrorBanner, layout, Skeleton, When } from '../../ui';
import { t, tn } from '../../words';
import { useProject } from '../projects/ProjectFrame';
import { may } from '../projects/queries';
import { useSession } from '../session/session';
import { Trouble } from '../Trouble';
import { usePages } from '../usePages';
import { useTitle } from '../useTitle';
import { GuidelineDiff } from './GuidelineDiff';
import { keptDraft } from './guidelineDraft';
import { GuidelineEditor } from './GuidelineEditor';
import css from './Guidelines.module.css';
import { guidelineQuery, guidelinesQuery } from './guidelinesQuery';
import { GuidelineText } from './GuidelineText';
import { Readings } from './Readings';

const size = 50;

/** How to label here: the version in force or an older one, what changed between two, and for those who write them the editor. */
export function GuidelinesPage() {
  const project = useProject();
  const { person } = useSession();
  const navigate = useNavigate();
  const { version, against } = useSearch({ from: '/signed-in/frame/projects/$projectId/guidelines' });
  const inForce = useQuery(guidelinesQuery(project.id));
  const ontology = useQuery({ queryKey: ['ontology', project.id], queryFn: ({ signal }) => api.ontologies.read(project.id, signal) });
  const writes = may(project, 'guideline.manage') && !project.archivedAt;
  const [writing, setWriting] = useState(false);
  const current = inForce.data?.inForce ?? undefined;
  const { query: history, rows, pager } = usePages(['guideline-versions', project.id], async ({ after, limit }, signal) => {
    const page = await api.guidelines.versions(project.id, { before: after === undefined ? undefined : Number(after), limit }, signal);
    return { items: page.items, next: page.next === null ? null : String(page.next) };
  }, { size });
  useTitle(t('tab.guidelines'), project.name);
  const go = (search: { version?: number; against?: number }) => void navigate({ to: '/projects/$projectId/guidelines', params: { projectId: project.id }, search, replace: true });

  if (inForce.isPending || ontology.isPending) return <Card pad><Skeleton width={280} height={20} />{[1, 2, 3, 4].map(row => <Skeleton key={row} width="100%" height={20} />)}</Card>;
  if (!inForce.data) return <Card><Trouble error={inForce.error} onRetry={inForce.refetch} /></Card>;
  const tools = ontology.data?.document.tools ?? [];
  if (writing) return <GuidelineEditor projectId={project.id} personId={person.id} current={current} tools={tools} onClose={() => setWriting(false)} />;
  const write = writes && <Button icon={Pencil} kind={current ? 'plain' : 'primary'} onClick={() => setWriting(true)}>{t(keptDraft(project.id, person.id) ? 'guide.goOnWriting' : current ? 'guide.newVersion' : 'guide.writeFirst')}</Button>;
  if (!current) return <Card><EmptyState icon={BookOpen} title={t('guide.none')} action={write}>{t(writes ? 'guide.noneWriter' : 'guide.noneReader')}</EmptyState></Card>;
  const shown = version ?? current.version;
  return (
    <div className={css.page}>
      <Card pad>
        <div className={layout.row}>
          <h2 className={layout.grow}>{t('guide.version', { version: shown })}</h2>
          {shown > 1 && (
            <label className={layout.row}><GitCompareArrows size={16} aria-hidden />
              <CompactSelect label={t('guide.compareWith')} value={against ?? ''} onChange={event => go({ version: shown, ...(event.target.value ? { against: Number(event.target.value) } : {}) })}>
                <option value="">{t('guide.noComparison')}</option>
                {(rows ?? []).filter(row => row.version !== shown).map(row => <option key={row.version} value={row.version}>{t('guide.changesSince', { version: row.version })}</option>)}
              </CompactSelect>
            </label>
          )}
          {write}
        </div>
        <Shown projectId={project.id} version={shown} against={against} current={current} tools={tools} />
      </Card>
      <div className={layout.stack}>
        <Card title={t('guide.history')}>
          {history.error && <ErrorBanner reason={explain(history.error)} />}
          <ul className={css.history}>{(rows ?? []).map(row => (
            <li key={row.version}>
              <button type="button" className={css.version} aria-current={row.version === shown} onClick={() => go(row.version === current.version ? {} : { version: row.version })}>
                <strong>{t('guide.version', { version: row.version })}</strong>
                <span className={css.reason}>{row.reason}</span>
                <span className={layout.muted}>{row.by?.name} <When at={row.at} /></span>
                {row.mustRead && <Badge tone="info" icon={BookOpenCheck}>{t('guide.mustRead')}</Badge>}
              </button>
            </li>
          ))}</ul>
          {(pager.page > 0 || pager.hasNext) && <div className={layout.bar}><Button disabled={pager.page === 0} onClick={() => pager.onPage(pager.page - 1)}>{t('guide.newer')}</Button><Button disabled={!pager.hasNext} onClick={() => pager.onPage(pager.page + 1)}>{t('guide.older')}</Button></div>}
        </Card>
        {may(project, 'members.view') && <Readings projectId={project.id} version={current.version} />}
        <p className={layout.muted}>{tn('guide.classes', Object.keys(current.sections).length)}</p>
      </div>
    </div>
  );
}

interface ShownProps {
  readonly projectId: string;
  readonly version: number;
  readonly against: number | undefined;
  readonly current: Guideline;
  readonly tools: Parameters<typeof GuidelineText>[0]['tools'];
}

function Shown({ projectId, version, against, current, tools }: ShownProps) {
  const one = useQuery({ ...guidelineQuery(projectId, version), enabled: version !== current.version });
  const other = useQuery({ ...guidelineQuery(projectId, against ?? 0), enabled: against !== undefined && against !== current.version });
  const shown = version === current.version ? current : one.data;
  const before = against === current.version ? current : other.data;
  if (one.error && !shown) return <Trouble error={one.error} onRetry={one.refetch} />;
  if (other.error && !before) return <Trouble error={other.error} onRetry={other.refetch} />;
  if (!shown || (against !== undefined && !before)) return <>{[1, 2, 3].map(row => <Skeleton key={row} width="100%" height={20} />)}</>;
  return before && against !== undefined
    ? <GuidelineDiff before={before} after={shown} nameOf={id => tools.find(tool => tool.id === id)?.name ?? id} />
    : <GuidelineText projectId={projectId} guideline={shown} tools={tools} />;
}
