import { Maximize, Minus, Plus } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { fit, zoomBy, zoomTo, type Workspace } from '../../engine';
import { IconButton } from '../../ui';
import { t, tn } from '../../words';
import { numberOf } from './objectNumbers';
import css from './TaskPage.module.css';
import { pickDrawing, pickHandle, pickPercent, pickSelection, pickTool, useWorkspace } from './useWorkspace';

/** Zoom, place, and always what the next click does; on the right what ends the task. */
export function StatusBar({ workspace, children }: { readonly workspace: Workspace; readonly children: ReactNode }) {
  const drawing = useWorkspace(workspace, pickDrawing);
  // The hint follows the tool's state; the hook only says when to read it.
  useWorkspace(workspace, pickTool);
  const selection = useWorkspace(workspace, pickSelection);
  useWorkspace(workspace, pickHandle);
  const hint = t(`work.hint.${workspace.hint}`, { name: drawing?.name ?? '' });
  return (
    <footer className={css.status}>
      <div className={css.statusLeft}>
        <Zoom workspace={workspace} />
        <Place workspace={workspace} />
        <span className={css.hint} role="status" title={hint}>{hint}</span>
        <span className={css.hidden} role="status">{spoken(workspace, selection)}</span>
      </div>
      <div className={css.statusRight}>{children}</div>
    </footer>
  );
}

/** What a screen reader says of the selection. */
function spoken(workspace: Workspace, selection: ReadonlySet<string>): string {
  const only = workspace.onlySelected();
  if (!only) return selection.size > 1 ? tn('work.selected', selection.size) : '';
  const name = t('work.object', { name: workspace.ontology.tool(only.object.tool)?.name ?? '', number: numberOf(workspace.state.document, only.object.id) });
  const { handle } = workspace.state;
  return handle === undefined ? t('work.selectedOne', { name }) : t('work.selectedHandle', { name, number: handle + 1 });
}

function Zoom({ workspace }: { readonly workspace: Workspace }) {
  const percent = useWorkspace(workspace, pickPercent);
  return (
    <span className={css.zoom}>
      <IconButton icon={Minus} label={t('keys.act.zoomOut')} keys="-" side="top" onClick={() => zoomBy(workspace, 0.8)} />
      <button type="button" className={css.percent} aria-label={t('work.fullSize', { percent })} title={t('work.fullSize', { percent })} onClick={() => zoomTo(workspace, 1)}>{t('work.zoom', { percent })}</button>
      <IconButton icon={Plus} label={t('keys.act.zoomIn')} keys="+" side="top" onClick={() => zoomBy(workspace, 1.25)} />
      <IconButton icon={Maximize} label={t('keys.act.fit')} keys="F" side="top" onClick={() => fit(workspace)} />
    </span>
  );
}

/** Where the pointer is, in picture pixels; written past React, since it changes with every move. */
function Place({ workspace }: { readonly workspace: Workspace }) {
  const text = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const write = () => {
      if (!text.current) return;
      const { cursor } = workspace.state;
      const { width, height } = workspace.size;
      const inside = cursor && cursor.x >= 0 && cursor.y >= 0 && cursor.x <= width && cursor.y <= height;
      const now = inside ? t('work.place', { x: String(Math.floor(cursor.x)), y: String(Math.floor(cursor.y)) }) : '';
      if (text.current.textContent !== now) text.current.textContent = now;
    };
    write();
    return workspace.subscribe(write);
  }, [workspace]);
  return <span ref={text} className={css.placeText} />;
}
