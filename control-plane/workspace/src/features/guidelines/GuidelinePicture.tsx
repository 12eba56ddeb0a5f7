import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ImageOff } from 'lucide-react';
import { useCallback } from 'react';
import { explain } from '../../api';
import { guidePath, type DecodedPicture } from '../../media';
import { Button, Skeleton } from '../../ui';
import { t } from '../../words';
import { sessionAssets } from '../session/session';
import css from './Markdown.module.css';

const mostPixels = 1200;

/** A picture of the guidelines: straight from the customer's storage, as any asset comes. */
export function GuidelinePicture({ projectId, pictureId, alt }: { readonly projectId: string; readonly pictureId: string; readonly alt: string }) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['guide-picture', projectId, pictureId],
    queryFn: ({ signal }) => sessionAssets(client).load(guidePath(projectId, pictureId), signal),
    staleTime: Infinity,
    retry: false,
  });
  if (error) return <span className={css.missing}><ImageOff size={16} aria-hidden />{t('guide.pictureMissing', { name: alt, why: explain(error).what })}<Button onClick={() => void refetch()}>{t('act.tryAgain')}</Button></span>;
  return <span className={css.picture}>{data ? <Drawn picture={data} label={alt} /> : <Skeleton width={240} height={120} />}{alt && <span className={css.caption}>{alt}</span>}</span>;
}

function Drawn({ picture, label }: { readonly picture: DecodedPicture; readonly label: string }) {
  const draw = useCallback((canvas: HTMLCanvasElement | null) => {
    if (!canvas) return;
    const scale = Math.min(1, mostPixels / Math.max(picture.width, picture.height));
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext('2d')?.drawImage(picture.bitmap, 0, 0, canvas.width, canvas.height);
  }, [picture]);
  return <canvas ref={draw} role="img" aria-label={label} />;
}
