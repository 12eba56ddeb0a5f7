import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { deleteBrowserKey, keepPendingKey, makePendingKey, readBrowserKey } from './keys';

test('the key of a sign-in replaces the current one only when that sign-in succeeded', async () => {
  expect(await readBrowserKey()).toBeUndefined();
  const first = await makePendingKey();
  expect(await readBrowserKey()).toBeUndefined();
  await keepPendingKey();
  expect((await readBrowserKey())?.thumbprint).toBe(first.thumbprint);
  await makePendingKey();
  expect((await readBrowserKey())?.thumbprint).toBe(first.thumbprint);
});

test('the private half cannot leave the browser', async () => {
  const { privateKey } = await makePendingKey();
  await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow();
});

test('sign-out leaves no key', async () => {
  await makePendingKey();
  await keepPendingKey();
  await deleteBrowserKey();
  expect(await readBrowserKey()).toBeUndefined();
});
