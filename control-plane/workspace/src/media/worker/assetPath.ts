/** Why an asset is read, which decides where its grant comes from. */
export type AssetContext =
  | { readonly act: 'work'; readonly projectId: string; readonly taskId: string }
  | { readonly act: 'view'; readonly projectId: string }
  /** A picture of the guidelines. */
  | { readonly act: 'guide'; readonly projectId: string };

export interface AssetAddress {
  readonly context: AssetContext;
  readonly assetId: string;
  /** One grant serves every asset of a context. */
  readonly contextKey: string;
}

const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const pattern = new RegExp(`^/asset/(?:work\\.(?<workProject>${guid})\\.(?<task>${guid})|view\\.(?<viewProject>${guid})|guide\\.(?<guideProject>${guid}))/(?<asset>${guid})$`, 'i');

/** The asset that a request means, or nothing when the path is not one of ours. */
export function assetOf(url: URL, origin: string): AssetAddress | undefined {
  if (url.origin !== origin) return undefined;
  const found = pattern.exec(url.pathname)?.groups;
  if (!found?.asset) return undefined;
  const assetId = found.asset.toLowerCase();
  if (found.workProject && found.task) {
    const context = { act: 'work', projectId: found.workProject.toLowerCase(), taskId: found.task.toLowerCase() } as const;
    return { context, assetId, contextKey: `work.${context.projectId}.${context.taskId}` };
  }
  if (found.guideProject) {
    const context = { act: 'guide', projectId: found.guideProject.toLowerCase() } as const;
    return { context, assetId, contextKey: `guide.${context.projectId}` };
  }
  if (!found.viewProject) return undefined;
  const context = { act: 'view', projectId: found.viewProject.toLowerCase() } as const;
  return { context, assetId, contextKey: `view.${context.projectId}` };
}
