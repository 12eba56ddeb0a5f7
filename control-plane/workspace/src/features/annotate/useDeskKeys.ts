import { useEffect, useMemo, useRef } from 'react';
import { actionOf, chordOf, keyTable, placeAtCursor, type Clipboard, type KeyAction, type Workspace } from '../../engine';
import type { Stage } from '../../render/stage';
import { isTyping, useCommands, type Command } from '../../ui';
import { t } from '../../words';
import { runAction, type DeskActs } from './deskActions';

interface Desk {
  readonly workspace: Workspace;
  readonly clipboard: Clipboard;
  readonly stage: Stage | undefined;
  readonly review: boolean;
  readonly acts: DeskActs;
}

/** Acts whose key says more than a name does: from the palette they only bring the picture into focus. */
const byKeyAlone: ReadonlySet<KeyAction> = new Set(['class', 'score', 'nudge', 'nudgeFar', 'next', 'previous', 'place']);

/** The keyboard of the desk, by the one table; its acts are offered to the palette and to the sheet of keys. Never active while somebody types. */
export function useDeskKeys(desk: Desk, editing: boolean): void {
  const now = useRef(desk);
  useEffect(() => {
    now.current = desk;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { workspace, clipboard, stage, review, acts } = now.current;
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const typing = isTyping(event.target);
      const chord = chordOf(event);
      const action = actionOf(chord, { typing, onPicture: stage?.hasFocus ?? false, editing: !workspace.readOnly, review });
      if (!action || onControl(event, action)) return;
      if (action === 'place') {
        // Held, Space pans; tapped, it places: which of the two is known when it is released.
        stage?.input.holdSpace();
        event.preventDefault();
        return;
      }
      if (runAction(action, chord, event.repeat, workspace, clipboard, acts)) event.preventDefault();
    };
    const release = (event: KeyboardEvent) => {
      const { workspace, stage } = now.current;
      if (event.key === ' ' && stage?.input.releaseSpace() && stage.hasFocus) placeAtCursor(workspace);
    };
    addEventListener('keydown', press);
    addEventListener('keyup', release);
    return () => {
      removeEventListener('keydown', press);
      removeEventListener('keyup', release);
    };
  }, []);

  const { review } = desk;
  useCommands(useMemo<readonly Command[]>(() => keyTable
    .filter(({ scope }) => scope === 'review' ? review : scope === 'judging' ? review && !editing : scope !== 'editing' || editing)
    .filter(({ id }) => !(review && (id === 'submit' || id === 'skip')))
    .map(({ id, group, keys }) => ({
      id: `desk-${id}`,
      group: t(`keys.group.${group}`),
      title: t(`keys.act.${id}`),
      keys: keys.length > 2 ? keys.length > 4 ? `${keys[0]}–${keys.at(-1)}` : keys.join(' ') : keys[0],
      run: () => {
        const { workspace, clipboard, acts } = now.current;
        if (byKeyAlone.has(id)) acts.focusPicture();
        else runAction(id, keys[0], false, workspace, clipboard, acts);
      },
    })), [review, editing]));
}

/** Arrows, Enter and digits belong to a control that has the focus and understands them. */
function onControl(event: KeyboardEvent, action: KeyAction): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement) || target.matches('canvas')) return false;
  if (target.matches('input[type=radio], input[type=range], [role=separator]')) return action === 'nudge' || action === 'nudgeFar' || action === 'stepNext' || action === 'stepPrevious';
  return false;
}
