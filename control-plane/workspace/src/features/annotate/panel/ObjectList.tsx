import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight, Eye, EyeOff, Lock, LockOpen, TriangleAlert } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { faultOf, isPrediction, reveal, type LabelObject, type Workspace } from '../../../engine';
import { colourOf } from '../../../render/palette';
import { classes } from '../../../ui';
import { figure, t } from '../../../words';
import { toggleHidden, toggleLocked } from '../deskActions';
import { pickDocument, pickHidden, pickLocked, pickSelection, useWorkspace } from '../useWorkspace';
import { rowsOf } from './objectRows';
import css from './panel.module.css';

const rowHeight = 28;

/** Every object by class. Only the lines that are seen are on the page, however many objects there are. */
export function ObjectList({ workspace }: { readonly workspace: Workspace }) {
  const document = useWorkspace(workspace, pickDocument);
  const selection = useWorkspace(workspace, pickSelection);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(document, workspace.ontology, closed), [document, workspace, closed]);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 8 });

  const last = [...selection].at(-1);
  useEffect(() => {
    const at = rows.findIndex(row => row.kind === 'object' && row.object.id === last);
    if (at >= 0) list.scrollToIndex(at, { align: 'auto' });
    // Only a new selection moves the list: an edit elsewhere must not.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [last, list]);

  const toggleClass = (toolId: string) => setClosed(before => {
    const next = new Set(before);
    if (!next.delete(toolId)) next.add(toolId);
    return next;
  });
  return (
    <section className={css.objects} aria-label={t('work.objectList')}>
      <h2 className={css.head}>{t('work.objectList')}<span className={css.count}>{figure(document.objects.length)}</span></h2>
      {rows.length === 0 && <p className={classes(css.note, css.padded)}>{t(workspace.readOnly ? 'work.noObjects' : 'work.drawFirst')}</p>}
      <div ref={scroller} className={css.scroll} onPointerLeave={() => workspace.hover(undefined)}>
        <ul className={css.list} style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <li key={row.kind === 'class' ? row.toolId : row.object.id} className={css.line} style={{ transform: `translateY(${start}px)` }}>
                {row.kind === 'class'
                  ? <>
                    <button type="button" className={css.group} aria-expanded={row.open} onClick={() => toggleClass(row.toolId)}>
                      {row.open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
                      <i className={css.swatch} style={{ background: colourOf(workspace.ontology, row.toolId) }} /><span className={css.clip}>{row.name}</span><span className={css.count}>{figure(row.ids.length)}</span>
                    </button>
                    <Switches workspace={workspace} ids={row.ids} name={row.name} />
                  </>
                  : <ObjectLine workspace={workspace} object={row.object} number={row.number} selected={selection.has(row.object.id)} />}
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}

function ObjectLine({ workspace, object, number, selected }: { readonly workspace: Workspace; readonly object: LabelObject; readonly number: number; readonly selected: boolean }) {
  const name = workspace.ontology.tool(object.tool)?.name ?? object.tool;
  const kind = workspace.kindOf(object);
  const fault = kind && faultOf(kind, object.geometry, workspace.size);
  const choose = (adds: boolean) => {
    if (!adds) reveal(workspace, object.id);
    else workspace.select(selected ? [...workspace.state.selection].filter(id => id !== object.id) : [...workspace.state.selection, object.id]);
  };
  return (
    <>
      <button type="button" className={css.object} aria-pressed={selected} aria-label={t('work.object', { name, number })} onPointerEnter={() => workspace.hover(object.id)}
        onClick={event => choose(event.shiftKey || event.ctrlKey || event.metaKey)}>
        <span className={css.number}>{t('work.number', { number })}</span>
        {isPrediction(object) && <span className={css.faint}>{object.origin?.confidence === undefined ? t('work.predicted') : t('work.predictedAt', { percent: Math.round(object.origin.confidence * 100) })}</span>}
        {fault && <span className={css.fault}><TriangleAlert size={14} aria-hidden />{t(`check.fault.${fault}`)}</span>}
      </button>
      <Switches workspace={workspace} ids={[object.id]} name={t('work.object', { name, number })} />
    </>
  );
}

/** Shown or hidden, free or locked: of one object, or of all of a class. */
function Switches({ workspace, ids, name }: { readonly workspace: Workspace; readonly ids: readonly string[]; readonly name: string }) {
  const hidden = useWorkspace(workspace, pickHidden);
  const locked = useWorkspace(workspace, pickLocked);
  const isHidden = ids.every(id => hidden.has(id));
  const isLocked = ids.every(id => locked.has(id));
  return (
    <span className={css.switches}>
      <button type="button" className={classes(css.switch, isHidden && css.on)} aria-pressed={isHidden} aria-label={t('work.hideNamed', { name })} title={t('work.hideNamed', { name })} onClick={() => toggleHidden(workspace, ids)}>
        {isHidden ? <EyeOff size={14} aria-hidden /> : <Eye size={14} aria-hidden />}
      </button>
      {!workspace.readOnly && <button type="button" data-rare className={classes(css.switch, isLocked && css.on)} aria-pressed={isLocked} aria-label={t('work.lockNamed', { name })} title={t('work.lockNamed', { name })} onClick={() => toggleLocked(workspace, ids)}>
        {isLocked ? <Lock size={14} aria-hidden /> : <LockOpen size={14} aria-hidden />}
      </button>}
    </span>
  );
}
