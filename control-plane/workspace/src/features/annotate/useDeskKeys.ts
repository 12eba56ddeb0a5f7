import { useEffect } from 'react';
import type { DrawnKind, Editor } from '../../engine';
import type { CanvasStage } from '../../render/canvasStage';
import { isTyping } from '../../ui';

interface Desk {
  readonly editor: Editor;
  readonly stage: CanvasStage | undefined;
  readonly submit: (() => void) | undefined;
  readonly skip: () => void;
}

const kinds: Readonly<Record<string, DrawnKind>> = { r: 'box', p: 'polygon', l: 'polyline', k: 'point' };
const arrows: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The keyboard of the desk; never active while somebody types. */
export function useDeskKeys(desk: Desk): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        if (event.shiftKey) desk.skip();
        else desk.submit?.();
        event.preventDefault();
        return;
      }
      if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
      if (act(desk, event)) event.preventDefault();
    };
    const release = (event: KeyboardEvent) => {
      if (event.key === ' ' && desk.stage) desk.stage.panning = false;
    };
    addEventListener('keydown', press);
    addEventListener('keyup', release);
    return () => {
      removeEventListener('keydown', press);
      removeEventListener('keyup', release);
    };
  });
}

function act({ editor, stage }: Desk, event: KeyboardEvent): boolean {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    if (key !== 'z') return false;
    if (event.shiftKey) editor.redo();
    else editor.undo();
    return true;
  }
  const arrow = arrows[key];
  if (arrow) {
    const step = event.shiftKey ? 10 : 1;
    editor.nudge(arrow[0] * step, arrow[1] * step);
    return true;
  }
  const onCanvas = document.activeElement instanceof HTMLCanvasElement;
  switch (key) {
    case 'v': editor.draw(undefined); return true;
    case 'Escape': editor.escape(); return true;
    case 'Delete': case 'Backspace': editor.removeSelected(); return true;
    case 'f': stage?.fit(); return true;
    case '0': stage?.fullSize(); return true;
    case '+': stage?.zoomBy(1.25); return true;
    case '-': stage?.zoomBy(0.8); return true;
    case 'h': if (editor.state.selected) editor.toggleHidden(editor.state.selected); return true;
    // From the canvas Tab goes through the objects; Escape with nothing in hand leaves it to the page's own order.
    case 'Tab': if (!onCanvas || editor.state.document.objects.length === 0 || !editor.state.selected) return false; editor.selectNext(event.shiftKey ? -1 : 1); return true;
    case 'Enter': if (!onCanvas) return false; if (editor.hint === 'polygon.close' || editor.hint === 'polyline.more') editor.finish(); else if (editor.state.cursor) editor.place(editor.state.cursor); return true;
    case ' ': if (!onCanvas) return false; if (editor.state.drawing && editor.state.cursor && !event.repeat && event.shiftKey) editor.place(editor.state.cursor); else if (stage) stage.panning = true; return true;
  }
  const kind = kinds[key];
  if (kind) {
    editor.drawKind(kind);
    return true;
  }
  const tool = editor.ontology.toolOfKey(key);
  if (!tool) return false;
  editor.draw(tool.id);
  return true;
}
