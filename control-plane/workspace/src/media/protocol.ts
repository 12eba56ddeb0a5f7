/**
 * Messages between pages and the service worker. A new worker serves pages of the version before, so a change here is
 * additive, or raises the version and keeps the old answer.
 */
export const protocolVersion = 1;

export type WorkerRequest =
  /** Which script answers; the page compares it with what the server expects. */
  | { readonly protocol: number; readonly kind: 'hello' }
  /** Sign-out: drop grants and URLs from memory. */
  | { readonly protocol: number; readonly kind: 'forget' }
  /** The asset changed or was refused: the next read asks for a fresh URL. */
  | { readonly protocol: number; readonly kind: 'drop'; readonly path: string };

export type WorkerReply =
  | { readonly protocol: number; readonly kind: 'hello'; readonly version: string }
  | { readonly protocol: number; readonly kind: 'done' };

/** The path under which the worker answers an asset of a held or reserved task. */
export const workPath = (projectId: string, taskId: string, assetId: string) => `/asset/work.${projectId}.${taskId}/${assetId}`;

/** The path under which the worker answers an explicit look at an asset. */
export const viewPath = (projectId: string, assetId: string) => `/asset/view.${projectId}/${assetId}`;

/** The path under which the worker answers a picture of the guidelines. */
export const guidePath = (projectId: string, pictureId: string) => `/asset/guide.${projectId}/${pictureId}`;

/** How the agent was asked for the asset's URL: by the browser itself, or handed on by the control plane, sealed. */
export type Road = 'direct' | 'relay';
/** The worker says it on each answer. */
export const roadHeader = 'x-hybrid-road';
