import {
  changeClass, chooseNextHandle, drawnKinds, duplicate, fit, insertVertexAfter, moveCursor, nudge, nudgeHandle, placeAtCursor, removeChosenVertex, removeSelected, reorder,
  selectAll, selectNext, zoomBy, zoomTo, type Clipboard, type DrawnKind, type KeyAction, type Workspace,
} from '../../engine';

/** What the page adds to what the workspace can do by itself. */
export interface DeskActs {
  readonly submit: () => void;
  readonly skip: () => void;
  readonly approve: () => void;
  readonly correct: () => void;
  readonly sendBack: () => void;
  readonly score: (score: number) => void;
  readonly compare: () => void;
  readonly guidelines: () => void;
  readonly comment: () => void;
  readonly showPictureAlone: () => void;
  readonly focusPicture: () => void;
}

const arrows: Readonly<Record<string, readonly [number, number]>> = { '←': [-1, 0], '→': [1, 0], '↑': [0, -1], '↓': [0, 1] };
const isKind = (action: string): action is DrawnKind => (drawnKinds as readonly string[]).includes(action);

/** Gives the selection the class, else chooses it to draw with. */
export function chooseClass(ws: Workspace, toolId: string): void {
  if (ws.state.drawing || !changeClass(ws, toolId)) ws.draw(toolId);
}

/** The tool of a kind: its next class when it is in hand already. */
export function chooseKind(ws: Workspace, kind: DrawnKind): void {
  const classes = ws.ontology.toolsOfKind(kind);
  const at = classes.findIndex(tool => tool.id === ws.state.drawing?.id);
  ws.draw(classes[(at + 1) % Math.max(1, classes.length)]?.id);
}

export function toggleHidden(ws: Workspace, ids: readonly string[]): void {
  ws.setHidden(ids, ids.some(id => !ws.state.hidden.has(id)));
}

export function toggleLocked(ws: Workspace, ids: readonly string[]): void {
  ws.setLocked(ids, ids.some(id => !ws.state.locked.has(id)));
}

/** Tab goes through the objects; past the last one it leaves the picture, so that nobody is caught in it. */
function step(ws: Workspace, by: 1 | -1): boolean {
  if (ws.state.tool.inHand) return true;
  const { objects } = ws.state.document;
  const end = by > 0 ? objects.at(-1) : objects[0];
  if (objects.length === 0 || (end && ws.state.selection.has(end.id))) {
    ws.select([]);
    return false;
  }
  if (ws.state.drawing) ws.draw(undefined);
  return selectNext(ws, by) !== undefined;
}

/** Does what a key asks for; false when the key is left to the browser. `again`: it is held down. */
export function runAction(action: KeyAction, chord: string, again: boolean, ws: Workspace, clipboard: Clipboard, acts: DeskActs): boolean {
  const selected = [...ws.state.selection];
  if (isKind(action)) {
    chooseKind(ws, action);
    return true;
  }
  switch (action) {
    case 'select': ws.draw(undefined); break;
    case 'class': {
      const tool = ws.ontology.toolOfKey(chord);
      if (!tool) return false;
      chooseClass(ws, tool.id);
      break;
    }
    case 'score': acts.score(Number(chord)); break;
    case 'complete': if (ws.state.tool.complete) ws.complete(); else placeAtCursor(ws); break;
    case 'back': if (!ws.back()) removeSelected(ws); break;
    case 'cancel': ws.cancel(); break;
    case 'place': placeAtCursor(ws); break;
    case 'next': return step(ws, 1);
    case 'previous': return step(ws, -1);
    case 'stepNext': selectNext(ws, 1); break;
    case 'stepPrevious': selectNext(ws, -1); break;
    case 'nudge': case 'nudgeFar': {
      const [dx, dy] = arrows[chord.replace('Shift+', '')] ?? [0, 0];
      const by = action === 'nudgeFar' ? 10 : 1;
      if (ws.state.drawing || selected.length === 0) moveCursor(ws, dx * by, dy * by);
      else if (ws.state.handle !== undefined) nudgeHandle(ws, dx * by, dy * by, again);
      else nudge(ws, dx * by, dy * by, again);
      break;
    }
    case 'nextHandle': chooseNextHandle(ws, 1); break;
    case 'previousHandle': chooseNextHandle(ws, -1); break;
    case 'insertVertex': insertVertexAfter(ws); break;
    case 'front': reorder(ws, 'front'); break;
    case 'bottom': reorder(ws, 'back'); break;
    case 'hide': toggleHidden(ws, selected); break;
    case 'showAll': ws.setHidden(ws.state.hidden, false); break;
    case 'lock': toggleLocked(ws, selected); break;
    case 'undo': ws.undo(); break;
    case 'redo': ws.redo(); break;
    case 'delete': if (!removeChosenVertex(ws)) removeSelected(ws); break;
    case 'selectAll': selectAll(ws); break;
    // Text that is selected on the page is copied as text.
    case 'copy': if (selected.length === 0 || getSelection()?.toString()) return false; clipboard.copy(ws); break;
    case 'paste': clipboard.paste(ws); break;
    case 'pasteInPlace': clipboard.paste(ws, true); break;
    case 'duplicate': duplicate(ws); break;
    case 'fit': fit(ws); break;
    case 'fullSize': zoomTo(ws, 1); break;
    case 'zoomIn': zoomBy(ws, 1.25); break;
    case 'zoomOut': zoomBy(ws, 0.8); break;
    case 'picture': acts.showPictureAlone(); break;
    case 'guidelines': acts.guidelines(); break;
    case 'comment': acts.comment(); break;
    case 'submit': acts.submit(); break;
    case 'skip': acts.skip(); break;
    case 'approve': acts.approve(); break;
    case 'correct': acts.correct(); break;
    case 'sendBack': acts.sendBack(); break;
    case 'compare': acts.compare(); break;
  }
  return true;
}
