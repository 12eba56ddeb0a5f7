import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, History } from 'lucide-react';
import { useMemo, useState } from 'react';
import { api, explain, type AssetHistory, type TaskLabel } from '../../api';
import { compare, OntologyIndex, Workspace, type LabelDocument, type Ontology } from '../../engine';
import { viewPath, type DecodedPicture } from '../../media';
import type { Comparison } from '../../render/stage';
import { Card, CompactSelect, EmptyState, ErrorState, layout, Skeleton, When } from '../../ui';
import { t, tn, tryText } from '../../words';
import { StageView } from '../annotate/StageView';
import { Differences } from '../annotate/review/Differences';
import { NetworkLink } from '../NetworkLink';
import { useProject } from '../projects/ProjectFrame';
import { sessionAssets } from '../session/session';
import { Trouble } from '../Trouble';
import { useTitle } from '../useTitle';
import css from './AssetVersions.module.css';

const views = ['original', 'mine', 'differences'] as const;

/** An asset's label versions, and any two of them against each other on the picture. Which two stands in the address. */
export function AssetVersions() {
  const project = useProject();
  const navigate = useNavigate();
  const { assetId } = useParams({ from: '/signed-in/frame/projects/$projectId/assets/$assetId' });
  const { from, to } = useSearch({ from: '/signed-in/frame/projects/$projectId/assets/$assetId' });
  const history = useQuery({ queryKey: ['asset', project.id, assetId], queryFn: ({ signal }) => api.projects.asset(project.id, assetId, signal) });
  const name = history.data?.asset.name ?? '';
  useTitle(name || t('tab.assets'), project.name);
  if (history.isPending) return <Card pad><Skeleton width={280} height={20} /><Skeleton width="100%" height={420} /></Card>;
  if (!history.data) return <Card><Trouble error={history.error} onRetry={history.refetch} /></Card>;
  // Answers that were given for another purpose have numbers of their own.
  const versions = history.data.versions.filter(one => one.isOwn);
  const last = versions.at(-1);
  const after = versions.find(one => one.version === to) ?? last;
  const before = versions.find(one => one.version === from) ?? versions.findLast(one => after !== undefined && one.version < after.version);
  const go = (search: { from?: number | undefined; to?: number | undefined }) => void navigate({
    to: '/projects/$projectId/assets/$assetId', params: { projectId: project.id, assetId }, replace: true,
    search: Object.fromEntries(Object.entries({ from: before?.version, to: after?.version, ...search }).filter(([, value]) => value !== undefined)),
  });
  return (
    <Card pad>
      <div className={layout.row}>
        <Link to="/projects/$projectId/assets" params={{ projectId: project.id }} aria-label={t('history.back')} title={t('history.back')}><ArrowLeft size={16} aria-hidden /></Link>
        <h2 className={layout.grow}>{name}</h2>
        {before && after && <>
          <VersionSelect label={t('history.before')} versions={versions.filter(one => one !== after)} value={before.version} onChange={version => go({ from: version })} />
          <VersionSelect label={t('history.after')} versions={versions.filter(one => one !== before)} value={after.version} onChange={version => go({ to: version })} />
        </>}
      </div>
      {!after
        ? <EmptyState icon={History} title={t('history.none')}>{t('history.noneBody')}</EmptyState>
        : <Compared key={`${before?.id ?? ''} ${after.id}`} projectId={project.id} assetId={assetId} name={name} before={before} after={after} />}
    </Card>
  );
}

type Version = AssetHistory['versions'][number];

interface SelectProps { readonly label: string; readonly versions: readonly Version[]; readonly value: number; readonly onChange: (version: number) => void }

function VersionSelect({ label, versions, value, onChange }: SelectProps) {
  return <CompactSelect className={css.pick} label={label} value={value} onChange={event => onChange(Number(event.target.value))}>{versions.map(one => <option key={one.id} value={one.version}>{t('history.option', { version: one.version, name: whoOf(one) })}</option>)}</CompactSelect>;
}

const whoOf = (version: Version) => version.author?.name ?? tryText(`origin.${version.origin}`) ?? version.origin;

interface ComparedProps { readonly projectId: string; readonly assetId: string; readonly name: string; readonly before: Version | undefined; readonly after: Version }

function Compared({ projectId, assetId, name, before, after }: ComparedProps) {
  const client = useQueryClient();
  const picture = useQuery({ queryKey: ['picture', projectId, assetId], queryFn: ({ signal }) => sessionAssets(client).load(viewPath(projectId, assetId), signal), gcTime: 0, staleTime: Infinity, retry: false });
  const ontology = useQuery({ queryKey: ['ontology', projectId], queryFn: ({ signal }) => api.ontologies.read(projectId, signal) });
  const label = (version: Version | undefined) => ({ queryKey: ['label', projectId, version?.id], queryFn: ({ signal }: { signal: AbortSignal }) => api.labels.read(projectId, version?.id ?? '', signal), enabled: version !== undefined, staleTime: Infinity });
  const [older, newer] = [useQuery(label(before)), useQuery(label(after))];
  const failed = [older, newer, ontology].find(one => one.error && !one.data);
  if (failed) return <Trouble error={failed.error} onRetry={failed.refetch} />;
  if (picture.error) return <ErrorState reason={explain(picture.error)} onRetry={() => void picture.refetch()} action={<NetworkLink error={picture.error} />} />;
  if (!picture.data || !newer.data || !ontology.data || (before && !older.data)) return <Skeleton width="100%" height={420} />;
  return <Drawn name={name} picture={picture.data} ontology={ontology.data.document} older={older.data} newer={newer.data} before={before} after={after} />;
}

interface DrawnProps {
  readonly name: string;
  readonly picture: DecodedPicture;
  readonly ontology: Ontology;
  readonly older: TaskLabel | undefined;
  readonly newer: TaskLabel;
  readonly before: Version | undefined;
  readonly after: Version;
}

const nothing: readonly never[] = [];

function Drawn({ name, picture, ontology, older, newer, before, after }: DrawnProps) {
  const [shown, setShown] = useState<Comparison['shown']>('differences');
  const original: LabelDocument | undefined = older?.document;
  const workspace = useMemo(() => new Workspace(newer.document, new OntologyIndex(ontology), picture, true), [newer, ontology, picture]);
  const differences = useMemo(() => original ? compare(original, newer.document) : nothing, [original, newer]);
  const comparison = useMemo<Comparison | undefined>(() => original ? { shown, original, differences } : undefined, [original, shown, differences]);
  return (
    <>
      {before && (
        <div className={layout.row} role="group" aria-label={t('history.shown')}>{views.map(one => (
          <button key={one} type="button" className={css.view} aria-pressed={shown === one} onClick={() => setShown(one)}>
            {one === 'differences' ? t('review.differences', { count: differences.length }) : t('guide.version', { version: one === 'original' ? before.version : after.version })}
          </button>
        ))}</div>
      )}
      <div className={css.page}>
        <div className={css.stage}><StageView picture={picture} label={t('work.canvas', { name })} workspace={workspace} comparison={comparison} /></div>
        <aside className={css.side}>
          {[before, after].filter(one => one !== undefined).map(one => (
            <dl key={one.id} className={layout.facts}>
              <dt>{t('guide.version', { version: one.version })}</dt><dd>{whoOf(one)}, <When at={one.createdAt} /></dd>
              <dt>{t('history.holds')}</dt><dd>{tn('trail.objects', one.objects)}</dd>
              <dt>{t('history.under')}</dt><dd>{[t('history.ontology', { version: one.ontologyVersion }), one.guidelineVersion === null ? undefined : t('guide.versionLong', { version: one.guidelineVersion }), t('thread.round', { round: one.round })].filter(Boolean).join(' · ')}</dd>
            </dl>
          ))}
          {original && shown === 'differences' && <Differences workspace={workspace} original={original} differences={differences} />}
        </aside>
      </div>
    </>
  );
}
