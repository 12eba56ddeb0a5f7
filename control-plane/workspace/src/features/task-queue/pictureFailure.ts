import type { TaskAsset } from '../../api';
import { AssetUnavailable } from '../../media';

/** Beyond this a browser may refuse to hold a picture in memory at all: 16 384 × 16 384 pixels, a gigabyte. */
export const mostPixels = 16_384 ** 2;

/** Why the picture is not on the screen: a picture that is only too large is not called broken. */
export function pictureFailure(error: unknown, asset: Pick<TaskAsset, 'width' | 'height'>): unknown {
  const pixels = (asset.width ?? 0) * (asset.height ?? 0);
  const undecoded = error instanceof AssetUnavailable && error.code === 'asset.not_a_picture';
  if (undecoded && pixels > mostPixels / 4) return new AssetUnavailable('asset.too_large', `${asset.width} × ${asset.height}`);
  if (error === 'unpaintable') return new AssetUnavailable('asset.too_large', pixels > 0 ? `${asset.width} × ${asset.height}` : '');
  return error;
}
