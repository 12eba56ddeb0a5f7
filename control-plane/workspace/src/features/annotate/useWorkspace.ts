import { useCallback, useSyncExternalStore } from 'react';
import type { Workspace, WorkspaceState } from '../../engine';

/** The one way from the engine to React: the caller is drawn anew only when what it picks is another. */
export function useWorkspace<T>(workspace: Workspace, pick: (state: WorkspaceState) => T): T {
  return useSyncExternalStore(workspace.subscribe, useCallback(() => pick(workspace.state), [workspace, pick]));
}

/** Picks that need no closure. */
export const pickDocument = (state: WorkspaceState) => state.document;
export const pickSelection = (state: WorkspaceState) => state.selection;
export const pickDrawing = (state: WorkspaceState) => state.drawing;
export const pickTool = (state: WorkspaceState) => state.tool;
export const pickHidden = (state: WorkspaceState) => state.hidden;
export const pickLocked = (state: WorkspaceState) => state.locked;
export const pickCanUndo = (state: WorkspaceState) => state.canUndo || state.tool.back !== undefined;
export const pickCanRedo = (state: WorkspaceState) => state.canRedo;
export const pickPercent = (state: WorkspaceState) => Math.round(state.view.scale * 100);
export const pickHandle = (state: WorkspaceState) => state.handle;
