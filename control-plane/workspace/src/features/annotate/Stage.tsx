import { useEffect, useMemo, useRef } from 'react';
import { Editor, emptyDocument, OntologyIndex } from '../../engine';
import type { DecodedPicture } from '../../media';
import { CanvasStage } from '../../render/canvasStage';
import css from './TaskPage.module.css';

interface StageProps {
  readonly picture: DecodedPicture;
  readonly label: string;
  /** Unset: the picture alone. */
  readonly editor?: Editor;
  readonly onStage?: (stage: CanvasStage | undefined) => void;
  readonly onZoom?: (percent: number) => void;
}

/** The picture with its shapes. Pointer moves never come through React. */
export function Stage({ picture, label, editor, onStage, onZoom }: StageProps) {
  const host = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => editor ?? new Editor(emptyDocument(0), new OntologyIndex({ tools: [] }), picture, true), [editor, picture]);
  useEffect(() => {
    if (!host.current) return;
    const stage = new CanvasStage(host.current, shown, picture.bitmap, label, percent => onZoom?.(percent));
    onStage?.(stage);
    return () => {
      onStage?.(undefined);
      stage.destroy();
    };
  }, [shown, picture, label, onStage, onZoom]);
  return <div ref={host} className={css.canvas} data-testid="stage" />;
}
