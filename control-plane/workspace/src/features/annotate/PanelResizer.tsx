import { useRef } from 'react';
import { t } from '../../words';
import css from './TaskPage.module.css';

export const leastPanel = 260;
export const mostPanel = 520;
export const usualPanel = 320;
const place = 'hybrid.desk.panel';

/** As this person left it. */
export function rememberedPanel(): number {
  const kept = Number(localStorage.getItem(place));
  return kept >= leastPanel && kept <= mostPanel ? kept : innerWidth < 1200 ? 280 : usualPanel;
}

/** The edge of the panel: dragged, or moved by arrows, Home and End; a double click brings the usual width back. */
export function PanelResizer({ width, onWidth }: { readonly width: number; readonly onWidth: (width: number) => void }) {
  const from = useRef<{ x: number; width: number }>(undefined);
  const become = (next: number) => {
    const kept = Math.round(Math.min(mostPanel, Math.max(leastPanel, next)));
    localStorage.setItem(place, String(kept));
    onWidth(kept);
  };
  return (
    <div className={css.resizer} role="separator" tabIndex={0} aria-orientation="vertical" aria-label={t('work.panelWidth')} aria-valuemin={leastPanel} aria-valuemax={mostPanel} aria-valuenow={width}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, width };
      }}
      onPointerMove={event => from.current && become(from.current.width + from.current.x - event.clientX)}
      onPointerUp={() => {
        from.current = undefined;
      }}
      onDoubleClick={() => become(usualPanel)}
      onKeyDown={event => {
        const by = { ArrowLeft: 16, ArrowRight: -16 }[event.key];
        if (by !== undefined) become(width + by);
        else if (event.key === 'Home') become(leastPanel);
        else if (event.key === 'End') become(mostPanel);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }} />
  );
}
