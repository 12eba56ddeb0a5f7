import { MousePointer2, Redo2, Settings2, Trash2, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { drawnKinds, keysOf, removeChosenVertex, removeSelected, type Workspace } from '../../engine';
import { noFilters, type ViewFilters } from '../../render/pictureLayer';
import { IconButton } from '../../ui';
import { t } from '../../words';
import { chooseKind } from './deskActions';
import { kindIcons } from './kindIcons';
import css from './TaskPage.module.css';
import { pickCanRedo, pickCanUndo, pickDrawing, pickSelection, useWorkspace } from './useWorkspace';
import { ViewSettings } from './ViewSettings';

interface RailProps {
  readonly workspace: Workspace;
  readonly readOnly: boolean;
  readonly filters: ViewFilters;
  readonly onFilters: (filters: ViewFilters) => void;
}

/** The tools that this ontology has a use for, and what is done to what is selected. */
export function ToolRail({ workspace, readOnly, filters, onFilters }: RailProps) {
  const drawing = useWorkspace(workspace, pickDrawing);
  const selection = useWorkspace(workspace, pickSelection);
  const canUndo = useWorkspace(workspace, pickCanUndo);
  const canRedo = useWorkspace(workspace, pickCanRedo);
  const [settings, setSettings] = useState(false);
  return (
    <nav className={css.tools} aria-label={t('work.tools')}>
      <IconButton icon={MousePointer2} label={t('keys.act.select')} keys={keysOf('select')} side="right" pressed={!drawing} onClick={() => workspace.draw(undefined)} />
      {!readOnly && <>
        {drawnKinds.filter(kind => workspace.ontology.toolsOfKind(kind).length > 0).map(kind => (
          <IconButton key={kind} icon={kindIcons[kind]} label={t(`tool.${kind}`)} keys={keysOf(kind)} side="right" pressed={drawing?.kind === kind} onClick={() => chooseKind(workspace, kind)} />
        ))}
        <hr className={css.rule} />
        <IconButton icon={Undo2} label={t('keys.act.undo')} keys={keysOf('undo')} side="right" disabled={!canUndo} onClick={() => workspace.undo()} />
        <IconButton icon={Redo2} label={t('keys.act.redo')} keys={keysOf('redo')} side="right" disabled={!canRedo} onClick={() => workspace.redo()} />
        <IconButton icon={Trash2} label={t('keys.act.delete')} keys={keysOf('delete')} side="right" disabled={selection.size === 0}
          onClick={() => removeChosenVertex(workspace) || removeSelected(workspace)} />
      </>}
      <span className={css.grow} />
      <div className={css.anchor}>
        <IconButton icon={Settings2} label={t('view.title')} side="right" pressed={settings || filters !== noFilters} aria-expanded={settings} onClick={() => setSettings(!settings)} />
        {settings && <ViewSettings filters={filters} onFilters={onFilters} onClose={() => setSettings(false)} />}
      </div>
    </nav>
  );
}
