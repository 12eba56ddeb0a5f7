import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, Dices, FlaskConical, History, PenTool, Pencil, RotateCcw, Undo2, type LucideIcon } from 'lucide-react';
import { useCallback } from 'react';
import { api, explain, type AssetHistory } from '../../api';
import { viewPath, type DecodedPicture } from '../../media';
import { Badge, Button, buttonClass, Dialog, ErrorBanner, ErrorState, Hidden, layout, say, Skeleton, When, type Tone } from '../../ui';
import { bytes, t, tn, tryText } from '../../words';
import { NetworkLink } from '../NetworkLink';
import { useProject } from '../projects/ProjectFrame';
import { may } from '../projects/queries';
import { sessionAssets } from '../session/session';
import { useAct } from '../useAct';
import { percent } from '../quality/figures';
import css from './AssetDialog.module.css';
import { AssetStatusBadge } from './AssetStatusBadge';

/** An explicit look at one asset; the control plane writes it down. */
export function AssetDialog({ projectId, asset, onClose }: { readonly projectId: string; readonly asset: { readonly id: string; readonly name: string }; readonly onClose: () => void }) {
  const client = useQueryClient();
  const picture = useQuery({
    queryKey: ['picture', projectId, asset.id],
    queryFn: ({ signal }) => sessionAssets(client).load(viewPath(projectId, asset.id), signal),
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  });
  const history = useQuery({ queryKey: ['asset', projectId, asset.id], queryFn: ({ signal }) => api.projects.asset(projectId, asset.id, signal) });
  const reopen = useAct({
    mutationFn: () => api.queue.reopen(projectId, asset.id),
    onSuccess: async () => {
      say(t('assets.reopened', { name: asset.name }));
      // All figures of the project; the picture itself would be one more look that is written down.
      await client.invalidateQueries({ predicate: query => query.queryKey[0] !== 'picture' });
    },
  });
  const project = useProject();
  const promote = useAct({
    mutationFn: (labelId: string) => api.quality.promote(projectId, labelId),
    onSuccess: async () => {
      say(t('honeypots.promoted', { name: asset.name }));
      await client.invalidateQueries({ predicate: query => query.queryKey[0] !== 'picture' });
    },
  });
  const answer = history.data?.versions.findLast(version => version.isOwn);
  const promotable = may(project, 'quality.manage') && history.data?.status === 'done' && !history.data.honeypot && answer;
  const about = history.data?.asset;
  const isFinished = history.data?.status === 'done' || history.data?.status === 'skipped';
  const [width, height] = picture.data ? [picture.data.width, picture.data.height] : [about?.width, about?.height];
  return (
    <Dialog wide title={asset.name} onClose={onClose} foot={<>
      <Link to="/projects/$projectId/assets/$assetId" params={{ projectId, assetId: asset.id }} className={buttonClass()}><History size={16} aria-hidden />{t('history.open')}</Link>
      {promotable && <Button icon={FlaskConical} busy={promote.isPending} onClick={() => promote.run(promotable.id)}>{t('honeypots.promote')}</Button>}
      {isFinished && <Button icon={RotateCcw} busy={reopen.isPending} onClick={() => reopen.run()}>{t('assets.reopen')}</Button>}
    </>}>
      {reopen.error && <ErrorBanner reason={explain(reopen.error)} />}
      {promote.error && <ErrorBanner reason={explain(promote.error)} />}
      <div className={css.stage}>
        {picture.isPending && <Hidden><span role="status">{t('state.loading')}</span></Hidden>}
        {picture.error && <ErrorState reason={whyNotShown(picture.error)} onRetry={() => void picture.refetch()} action={<NetworkLink error={picture.error} />} />}
        {picture.data && <Picture picture={picture.data} label={asset.name} />}
      </div>
      {history.error && <ErrorBanner reason={explain(history.error)} />}
      <div className={css.about}>
        <dl className={layout.facts}>
          <dt>{t('assets.status')}</dt><dd>{history.data ? <AssetStatusBadge status={history.data.status} /> : <Skeleton width={72} height={12} />}</dd>
          <dt>{t('assets.pixels')}</dt><dd>{width && height ? t('assets.dimensions', { width, height }) : t('state.none')}</dd>
          <dt>{t('assets.bytes')}</dt><dd>{about ? bytes(about.size) : <Skeleton width={56} height={12} />}</dd>
          {history.data?.consensus?.drawn && <><dt>{t('quality.consensus')}</dt><dd>{consensusText(history.data.consensus)}</dd></>}
          {history.data?.honeypot && <><dt>{t('honeypots.title')}</dt><dd>{history.data.honeypot.retiredAt ? t('honeypots.isRetired') : t('honeypots.isActive')}</dd></>}
          <dt>{t('assets.type')}</dt><dd>{about?.mediaType ?? <Skeleton width={72} height={12} />}</dd>
        </dl>
        {history.data && <Trail history={history.data} />}
      </div>
    </Dialog>
  );
}

/** Where the answers of several people stand. */
function consensusText(consensus: NonNullable<AssetHistory['consensus']>): string {
  if (consensus.state === 'gathering') return t('trail.gathering', { wanted: consensus.wanted });
  return consensus.agreement === null ? t('trail.compared', { count: consensus.compared }) : t('trail.agreed', { count: consensus.compared, agreement: percent(consensus.agreement) });
}

/** In words for somebody who looks, and has no task to skip. */
function whyNotShown(error: unknown) {
  const reason = explain(error);
  const inStorage = ['asset.gone', 'asset.changed', 'asset.not_a_picture', 'asset.empty'].some(code => reason.code.startsWith(code));
  return { ...reason, safe: t('assets.lookSafe'), ...(inStorage ? { todo: t('assets.lookTodo') } : {}) };
}

const outcomes: Readonly<Record<AssetHistory['reviews'][number]['outcome'], readonly [Tone, LucideIcon]>> = {
  approved: ['good', CircleCheck], corrected: ['info', Pencil], sentBack: ['warn', Undo2],
};

/** Label versions and the decisions about them, oldest first. */
function Trail({ history }: { readonly history: AssetHistory }) {
  const lines = [
    ...history.versions.map(version => ({ at: version.createdAt, key: version.id, line: (
      <>
        <Badge icon={PenTool}>{t('trail.version', { version: version.version })}</Badge>
        <span>{[version.author?.name ?? tryText(`origin.${version.origin}`) ?? version.origin, tn('trail.objects', version.objects), version.isOwn || version.purpose === 'ordinary' ? undefined : t(`trail.purpose.${version.purpose}`)].filter(Boolean).join(' · ')}</span>
      </>
    ) })),
    ...history.reviews.map(review => ({ at: review.createdAt, key: `${review.labelId} ${review.createdAt}`, line: (
      <>
        <Badge tone={outcomes[review.outcome][0]} icon={outcomes[review.outcome][1]}>{t(`outcome.${review.outcome}`)}</Badge>
        <span>{[review.reviewer?.name, review.score === null ? undefined : t('review.scoreOf', { score: review.score }), review.reason].filter(Boolean).join(' · ')}</span>
      </>
    ) })),
    // What was decided at a step's door stands in the same minute as the label, and behind it.
    ...history.sampling.filter(one => one.rate < 1).map(one => ({ at: one.at, key: `${one.stepId} ${one.round}`, line: (
      <>
        <Badge tone={one.holds ? 'neutral' : 'bad'} icon={Dices}>{one.reviewed ? t('trail.sampled') : t('trail.notSampled')}</Badge>
        <span>{[one.step, t('trail.draw', { draw: one.draw.toFixed(4), rate: one.rate.toFixed(4), version: one.policyVersion }), one.holds ? undefined : t('trail.drawWrong')].filter(Boolean).join(' · ')}</span>
      </>
    ) })),
  ].sort((one, other) => one.at.localeCompare(other.at));
  return (
    <section className={css.trail} aria-label={t('trail.title')}>
      <h3>{t('trail.title')}</h3>
      {lines.length === 0 && <p className={layout.muted}>{t('trail.none')}</p>}
      <ol>{lines.map(({ at, key, line }) => <li key={key}>{line}<span className={layout.muted}><When at={at} /></span></li>)}</ol>
    </section>
  );
}

function Picture({ picture, label }: { readonly picture: DecodedPicture; readonly label: string }) {
  const draw = useCallback((canvas: HTMLCanvasElement | null) => {
    if (!canvas) return;
    const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext('2d')?.drawImage(picture.bitmap, 0, 0, canvas.width, canvas.height);
  }, [picture]);
  return <canvas ref={draw} role="img" aria-label={label} />;
}
