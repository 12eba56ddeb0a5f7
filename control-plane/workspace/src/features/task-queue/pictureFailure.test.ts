import { expect, test } from 'vitest';
import { AssetUnavailable } from '../../media';
import { pictureFailure } from './pictureFailure';

test('a picture that is only too large is not called broken, and one that is broken not too large', () => {
  const undecoded = new AssetUnavailable('asset.not_a_picture');
  expect(pictureFailure(undecoded, { width: 30_000, height: 20_000 })).toMatchObject({ code: 'asset.too_large', detail: '30000 × 20000' });
  expect(pictureFailure(undecoded, { width: 300, height: 200 })).toBe(undecoded);
  expect(pictureFailure(undecoded, { width: null, height: null })).toBe(undecoded);
  const refused = new AssetUnavailable('asset.storage_forbidden', '', 403);
  expect(pictureFailure(refused, { width: 30_000, height: 20_000 })).toBe(refused);
  expect(pictureFailure('unpaintable', { width: null, height: null })).toMatchObject({ code: 'asset.too_large' });
});
