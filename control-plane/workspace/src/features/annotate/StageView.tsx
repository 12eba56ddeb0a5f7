import { useEffect, useRef } from 'react';
import type { Workspace } from '../../engine';
import type { DecodedPicture } from '../../media';
import { Stage, type Comparison } from '../../render/stage';
import type { ViewFilters } from '../../render/pictureLayer';
import { t } from '../../words';
import { numberOf } from './objectNumbers';
import css from './TaskPage.module.css';

interface StageProps {
  readonly picture: DecodedPicture;
  readonly label: string;
  readonly workspace: Workspace;
  readonly filters?: ViewFilters;
  readonly comparison?: Comparison | undefined;
  readonly onStage?: (stage: Stage | undefined) => void;
  readonly onUnpaintable?: () => void;
}

/** The picture with its shapes. Pointer moves never come through React. */
export function StageView({ picture, label, workspace, filters, comparison, onStage, onUnpaintable }: StageProps) {
  const host = useRef<HTMLDivElement>(null);
  const stage = useRef<Stage>(undefined);
  useEffect(() => {
    if (!host.current) return;
    const made = new Stage(host.current, workspace, picture.bitmap, {
      label,
      nameOf: object => t('work.object', { name: workspace.ontology.tool(object.tool)?.name ?? object.tool, number: numberOf(workspace.state.document, object.id) }),
      added: t('review.added'), removed: t('review.removed'), changed: t('review.changed'),
      ...(onUnpaintable && { onUnpaintable }),
    });
    stage.current = made;
    onStage?.(made);
    return () => {
      onStage?.(undefined);
      stage.current = undefined;
      made.destroy();
    };
  }, [workspace, picture, label, onStage, onUnpaintable]);
  useEffect(() => {
    if (filters) stage.current?.setFilters(filters);
  }, [filters, picture]);
  useEffect(() => stage.current?.compare(comparison), [comparison, picture]);
  return <div ref={host} className={css.canvas} data-testid="stage" />;
}
