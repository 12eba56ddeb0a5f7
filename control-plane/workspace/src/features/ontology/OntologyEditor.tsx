import { ArrowDown, ArrowUp, ListTree, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Ontology, Tool, ToolKind } from '../../engine';
import { Button, CompactInput, CompactSelect, EmptyState, IconButton, layout, TextArea } from '../../ui';
import { t, tryText } from '../../words';
import css from './OntologyEditor.module.css';
import { idsOf, nextColor, offeredTools, ontologyFaults, parseOntology, slug } from './ontologyRules';
import { QuestionList } from './QuestionList';

interface EditorProps {
  readonly value: Ontology;
  readonly onChange: (next: Ontology) => void;
  readonly showFaults?: boolean;
}

/** Classes and questions as a list, or the same document as JSON. */
export function OntologyEditor({ value, onChange, showFaults = false }: EditorProps) {
  const [json, setJson] = useState<string | undefined>();
  const [wrong, setWrong] = useState<string | undefined>();
  const faults = showFaults ? ontologyFaults(value) : [];
  const show = (mode: 'list' | 'json') => {
    if (mode === 'json') setJson(JSON.stringify(value, null, 2));
    else if (!wrong) setJson(undefined);
  };
  return (
    <section className={layout.stack} aria-label={t('tab.ontology')}>
      <div className={layout.row}>
        <h2 className={layout.grow}>{t('ontology.classes')}</h2>
        <div className={css.modes} role="group" aria-label={t('ontology.mode')}>
          <button type="button" aria-pressed={json === undefined} onClick={() => show('list')}>{t('ontology.list')}</button>
          <button type="button" aria-pressed={json !== undefined} onClick={() => show('json')}>{t('ontology.json')}</button>
        </div>
      </div>
      {faults.length > 0 && <ul className={css.faults} role="alert">{faults.map(fault => <li key={fault}>{fault}</li>)}</ul>}
      {json === undefined
        ? <Visual value={value} onChange={onChange} />
        : <TextArea label={t('ontology.document')} code rows={20} value={json} error={wrong} onChange={event => {
            setJson(event.target.value);
            const parsed = parseOntology(event.target.value);
            setWrong(typeof parsed === 'string' ? parsed : undefined);
            if (typeof parsed !== 'string') onChange(parsed);
          }} />}
    </section>
  );
}

function Visual({ value, onChange }: { readonly value: Ontology; readonly onChange: (next: Ontology) => void }) {
  const ids = idsOf(value);
  const setTools = (tools: readonly Tool[]) => onChange({ ...value, tools });
  const add = () => setTools([...value.tools, {
    id: slug('', ids, 'class'), kind: 'box', name: '', color: nextColor(value.tools.map(tool => tool.color)), key: freeKey(value.tools), min: 0, max: null, questions: [],
  }]);
  return (
    <>
      {value.tools.length === 0 && <EmptyState title={t('ontology.noTools')}>{t('ontology.noToolsBody')}</EmptyState>}
      {value.tools.length > 0 && (
        <div className={css.titles} aria-hidden><span /><span>{t('field.name')}</span><span>{t('ontology.kind')}</span><span>{t('ontology.key')}</span><span>{t('ontology.min')}</span><span>{t('ontology.max')}</span><span /></div>
      )}
      {value.tools.map((tool, index) => (
        <ToolRow key={index} tool={tool} ids={ids} last={index === value.tools.length - 1} first={index === 0}
          onChange={next => setTools(value.tools.map((one, at) => at === index ? next : one))}
          onMove={step => setTools(moved(value.tools, index, step))}
          onRemove={() => setTools(value.tools.filter((_, at) => at !== index))} />
      ))}
      <div><Button icon={Plus} onClick={add}>{t('ontology.addTool')}</Button></div>
      <h2>{t('ontology.assetQuestions')}</h2>
      <QuestionList questions={value.questions ?? []} ids={ids} onChange={questions => onChange({ ...value, questions })} />
    </>
  );
}

interface RowProps {
  readonly tool: Tool;
  readonly ids: ReadonlySet<string>;
  readonly first: boolean;
  readonly last: boolean;
  readonly onChange: (next: Tool) => void;
  readonly onMove: (step: -1 | 1) => void;
  readonly onRemove: () => void;
}

function ToolRow({ tool, ids, first, last, onChange, onMove, onRemove }: RowProps) {
  const [open, setOpen] = useState((tool.questions ?? []).length > 0);
  // The id follows the name until the class is saved once: labels hold on to ids.
  const [fresh] = useState(tool.name === '');
  const name = tool.name || tool.id;
  const count = (text: string) => text === '' ? null : Math.max(0, Math.floor(Number(text)) || 0);
  const others = new Set([...ids].filter(id => id !== tool.id));
  const kinds = offeredTools.includes(tool.kind) ? offeredTools : [...offeredTools, tool.kind];
  return (
    <div className={css.tool}>
      <div className={css.head}>
        <input className={css.color} type="color" aria-label={t('ontology.colorOf', { name })} value={tool.color ?? '#888888'} onChange={event => onChange({ ...tool, color: event.target.value })} />
        <CompactInput label={t('ontology.nameOf', { name })} value={tool.name} maxLength={100} placeholder={t('ontology.newTool')} title={tool.id}
          onChange={event => onChange({ ...tool, name: event.target.value, ...(fresh ? { id: slug(event.target.value, others, 'class') } : {}) })} />
        <CompactSelect label={t('ontology.kindOf', { name })} value={tool.kind} onChange={event => onChange({ ...tool, kind: event.target.value as ToolKind })}>
          {kinds.map(kind => <option key={kind} value={kind}>{tryText(`tool.${kind}`) ?? kind}</option>)}
        </CompactSelect>
        <CompactInput label={t('ontology.keyOf', { name })} value={tool.key ?? ''} maxLength={1} onChange={event => onChange({ ...tool, key: event.target.value || null })} />
        <CompactInput label={t('ontology.minOf', { name })} inputMode="numeric" placeholder="0" value={tool.min || ''} onChange={event => onChange({ ...tool, min: count(event.target.value) ?? 0 })} />
        <CompactInput label={t('ontology.maxOf', { name })} inputMode="numeric" placeholder="∞" value={tool.max ?? ''} onChange={event => onChange({ ...tool, max: count(event.target.value) })} />
        <div className={css.buttons}>
          <IconButton icon={ListTree} label={t('ontology.questionsOf', { name })} pressed={open} onClick={() => setOpen(!open)} side="left" />
          <IconButton icon={ArrowUp} label={t('ontology.up', { name })} disabled={first} onClick={() => onMove(-1)} side="left" />
          <IconButton icon={ArrowDown} label={t('ontology.down', { name })} disabled={last} onClick={() => onMove(1)} side="left" />
          <IconButton icon={Trash2} label={t('ontology.remove', { name })} onClick={onRemove} side="left" />
        </div>
      </div>
      {open && <div className={css.nested}><QuestionList questions={tool.questions ?? []} ids={ids} onChange={questions => onChange({ ...tool, questions })} /></div>}
    </div>
  );
}

function freeKey(tools: readonly Tool[]): string | null {
  const used = new Set(tools.map(tool => tool.key));
  return ['1', '2', '3', '4', '5', '6', '7', '8', '9'].find(key => !used.has(key)) ?? null;
}

export function moved<T>(list: readonly T[], index: number, step: -1 | 1): readonly T[] {
  const one = list[index];
  const other = list[index + step];
  if (one === undefined || other === undefined) return list;
  return list.map((item, at) => at === index ? other : at === index + step ? one : item);
}
