export { workerAssets, AssetUnavailable, type AssetSource, type DecodedPicture } from './assetSource';
export { deleteBrowserKey, keepKey, keepPendingKey, makeKey, makePendingKey, readBrowserKey, type BrowserKey } from './keys';
export { signProof } from './proof';
export { guidePath, viewPath, workPath } from './protocol';
export { dropAsset, ensureWorker, forgetAssets, startWorker, WorkerUnavailable } from './registration';
