import type { Ontology } from '../../engine';
import { layout } from '../../ui';
import { t } from '../../words';
import css from './Guidelines.module.css';
import { Markdown } from './Markdown';

interface TextProps {
  readonly projectId: string;
  readonly guideline: { readonly text: string; readonly sections: Readonly<Record<string, string>> };
  /** Of the ontology in force: a section of a class that is gone goes by its id. */
  readonly tools: Ontology['tools'];
}

/** The text for all, then the sections of classes in the ontology's order. */
export function GuidelineText({ projectId, guideline, tools }: TextProps) {
  const order = [...tools.map(tool => tool.id).filter(id => id in guideline.sections), ...Object.keys(guideline.sections).filter(id => !tools.some(tool => tool.id === id))];
  return (
    <div className={css.sections}>
      {guideline.text.trim() ? <Markdown projectId={projectId} text={guideline.text} /> : <p className={layout.muted}>{t('guide.empty')}</p>}
      {order.filter(id => guideline.sections[id]?.trim()).map(id => {
        const tool = tools.find(one => one.id === id);
        return (
          <section key={id} className={css.section}>
            <h3><i className={css.swatch} style={{ background: tool?.color ?? undefined }} aria-hidden />{tool?.name ?? id}</h3>
            <Markdown projectId={projectId} text={guideline.sections[id] ?? ''} />
          </section>
        );
      })}
    </div>
  );
}
