import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { explain, type AssetRow } from '../../api';
import { viewPath, workerAssets, type DecodedPicture } from '../../media';
import { Dialog, ErrorState, layout, Skeleton } from '../../ui';
import { bytes, t } from '../../words';
import { useSession } from '../session/session';
import css from './AssetDialog.module.css';
import { AssetStatusBadge } from './AssetStatusBadge';

/** An explicit look at one asset; the control plane writes it down. */
export function AssetDialog({ projectId, asset, onClose }: { readonly projectId: string; readonly asset: AssetRow; readonly onClose: () => void }) {
  const { workerVersion } = useSession();
  const picture = useQuery({
    queryKey: ['picture', projectId, asset.id],
    queryFn: ({ signal }) => workerAssets(workerVersion).load(viewPath(projectId, asset.id), signal),
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  });
  return (
    <Dialog wide title={asset.name} onClose={onClose}>
      <div className={css.stage}>
        {picture.isPending && <Skeleton width="100%" height={240} />}
        {picture.error && <ErrorState reason={explain(picture.error)} onRetry={() => void picture.refetch()} />}
        {picture.data && <Picture picture={picture.data} label={asset.name} />}
      </div>
      <dl className={layout.facts}>
        <dt>{t('assets.status')}</dt><dd><AssetStatusBadge status={asset.status} /></dd>
        <dt>{t('assets.type')}</dt><dd>{asset.mediaType}</dd>
        <dt>{t('assets.bytes')}</dt><dd>{bytes(asset.size)}</dd>
        {picture.data && <><dt>{t('assets.pixels')}</dt><dd>{t('assets.dimensions', { width: picture.data.width, height: picture.data.height })}</dd></>}
      </dl>
    </Dialog>
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
