import { roadHeader, type Road } from './protocol';
import { dropAsset, ensureWorker, WorkerUnavailable } from './registration';

/** A picture in memory, upright, in the pixels of the full-resolution asset. */
export interface DecodedPicture {
  readonly bitmap: ImageBitmap;
  readonly width: number;
  readonly height: number;
  /** How its bytes came; unset when the worker is of a version that does not say. */
  readonly road?: Road;
}

/** Why an asset is not on the screen: a stable code, and the status that storage or agent answered. */
export class AssetUnavailable extends Error {
  constructor(readonly code: string, readonly detail = '', readonly upstreamStatus?: number) {
    super(code);
    this.name = 'AssetUnavailable';
  }
}

/** Where pictures come from. The page knows paths of its own origin and nothing of agents or storage. */
export interface AssetSource {
  load(path: string, signal?: AbortSignal): Promise<DecodedPicture>;
  /** Forget what is known about the path, then load it anew. */
  retry(path: string, signal?: AbortSignal): Promise<DecodedPicture>;
}

/** The whole picture must be here by then; a bucket that trickles is said to be slow. */
const loadMilliseconds = 120_000;

/**
 * Reads through the service worker, once it runs with this session's origins. Which worker that is, `versionOf` says: as last heard, or
 * asked anew, since an agent or a connection may be added under an open page.
 */
export function workerAssets(versionOf: (anew: boolean) => Promise<string>): AssetSource {
  const ready = async (anew: boolean): Promise<void> => {
    try {
      await ensureWorker(await versionOf(anew), anew);
    } catch (error) {
      if (error instanceof WorkerUnavailable) throw new AssetUnavailable(error.code);
      throw new AssetUnavailable('worker.failed');
    }
  };
  const read = async (path: string, signal?: AbortSignal) => {
    await ready(false);
    try {
      return await fetchPicture(path, signal);
    } catch (error) {
      if (!(error instanceof AssetUnavailable && error.code === 'worker.outdated')) throw error;
      await ready(true);
      return fetchPicture(path, signal);
    }
  };
  const load = async (path: string, signal?: AbortSignal): Promise<DecodedPicture> => {
    const { blob, road } = await read(path, signal);
    return { ...await decode(blob), ...(road && { road }) };
  };
  return {
    load,
    async retry(path, signal) {
      await dropAsset(path);
      return load(path, signal);
    },
  };
}

async function fetchPicture(path: string, signal?: AbortSignal): Promise<{ readonly blob: Blob; readonly road: Road | undefined }> {
  const limit = AbortSignal.timeout(loadMilliseconds);
  try {
    const response = await fetch(path, { signal: signal ? AbortSignal.any([signal, limit]) : limit, cache: 'no-store' });
    if (!response.ok) throw await unavailable(response);
    const road = response.headers.get(roadHeader);
    return { blob: await response.blob(), road: road === 'direct' || road === 'relay' ? road : undefined };
  } catch (error) {
    if (error instanceof AssetUnavailable || signal?.aborted) throw error;
    throw new AssetUnavailable(limit.aborted ? 'asset.storage_slow' : 'asset.interrupted');
  }
}

async function unavailable(response: Response): Promise<AssetUnavailable> {
  try {
    const { code, detail, upstreamStatus } = await response.json() as { code?: string; detail?: string; upstreamStatus?: number };
    return new AssetUnavailable(code ?? 'asset.failed', detail, upstreamStatus);
  } catch {
    return new AssetUnavailable('asset.failed', '', response.status);
  }
}

async function decode(blob: Blob): Promise<DecodedPicture> {
  if (blob.size === 0) throw new AssetUnavailable('asset.empty');
  try {
    // EXIF orientation is applied here, so that geometry is in the pixels that people see.
    const bitmap = await createImageBitmap(blob.type === 'image/svg+xml' ? await drawing(blob) : blob, { imageOrientation: 'from-image' });
    return { bitmap, width: bitmap.width, height: bitmap.height };
  } catch {
    throw new AssetUnavailable('asset.not_a_picture');
  }
}

/** SVG is shown by an image element alone, which runs no script and loads nothing else. */
async function drawing(blob: Blob): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  try {
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
