import { useState } from 'react';
import { isDrawn, type DrawnKind, type Workspace } from '../../../engine';
import { colourOf } from '../../../render/palette';
import { CompactInput } from '../../../ui';
import { t } from '../../../words';
import { chooseClass } from '../deskActions';
import { kindIcons } from '../kindIcons';
import { pickDrawing, useWorkspace } from '../useWorkspace';
import css from './panel.module.css';

/** So many classes are found at a glance; more are found by typing. */
const manyClasses = 12;

/** The classes to draw with, each with its colour, shape, name and key. */
export function ClassStrip({ workspace }: { readonly workspace: Workspace }) {
  const drawing = useWorkspace(workspace, pickDrawing);
  const [filter, setFilter] = useState('');
  const { tools } = workspace.ontology;
  const shown = tools.filter(tool => isDrawn(tool.kind) && tool.name.toLocaleLowerCase().includes(filter.trim().toLocaleLowerCase()));
  return (
    <section className={css.section} aria-label={t('work.classes')}>
      {tools.length > manyClasses && <CompactInput label={t('work.findClass')} placeholder={t('work.findClass')} value={filter} onChange={event => setFilter(event.target.value)} />}
      <div className={css.classes}>{shown.map(tool => {
        const Icon = kindIcons[tool.kind as DrawnKind];
        const key = workspace.ontology.keyOf(tool.id);
        return (
          <button key={tool.id} type="button" className={css.class} aria-pressed={drawing?.id === tool.id} aria-keyshortcuts={key} title={tool.name} onClick={() => chooseClass(workspace, tool.id)}>
            <i className={css.swatch} style={{ background: colourOf(workspace.ontology, tool.id) }} /><span className={css.clip}>{tool.name}</span><Icon size={14} className={css.faint} aria-hidden />
            {key && <kbd className={css.key}>{key}</kbd>}
          </button>
        );
      })}</div>
      {shown.length === 0 && <p className={css.note}>{t('state.noMatch')}</p>}
    </section>
  );
}
