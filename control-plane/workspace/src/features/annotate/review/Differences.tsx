import { ArrowRightLeft, Minus, Move, Plus, type LucideIcon } from 'lucide-react';
import { isChoice, reveal, type AnswerValue, type Answers, type Difference, type LabelDocument, type OntologyIndex, type Workspace } from '../../../engine';
import { t, tn } from '../../../words';
import { numberOf } from '../objectNumbers';
import css from './review.module.css';

interface DifferencesProps {
  readonly workspace: Workspace;
  readonly original: LabelDocument;
  readonly differences: readonly Difference[];
}

/** What a reviewer changed, as words; each leads to its place in the picture. */
export function Differences({ workspace, original, differences }: DifferencesProps) {
  const { ontology } = workspace;
  const nameIn = (document: LabelDocument, id: string) => {
    const object = document.objects.find(one => one.id === id);
    return t('work.object', { name: (object && ontology.tool(object.tool)?.name) ?? '', number: numberOf(document, id) });
  };
  return (
    <section className={css.list} aria-label={t('review.view.differences')}>
      <h2>{tn('review.count', differences.length)}</h2>
      <ul>{differences.flatMap(one => {
        switch (one.kind) {
          case 'added': return [<Line key={one.after.id} icon={Plus} tone={css.added} word={t('review.added')} text={nameIn(workspace.state.document, one.after.id)} onGo={() => reveal(workspace, one.after.id)} />];
          case 'removed': return [<Line key={one.before.id} icon={Minus} tone={css.removed} word={t('review.removed')} text={nameIn(original, one.before.id)} />];
          case 'answers': return one.answers.map(id => <Line key={`picture ${id}`} icon={ArrowRightLeft} tone={css.moved} word={t('review.answered')} text={answerText(ontology, id, one.before, one.after)} />);
          case 'changed': {
            const name = nameIn(workspace.state.document, one.after.id);
            const go = () => reveal(workspace, one.after.id);
            return [
              one.moved && <Line key={`${one.after.id} moved`} icon={Move} tone={css.moved} word={t('review.moved')} text={name} onGo={go} />,
              one.reclassed && <Line key={`${one.after.id} class`} icon={ArrowRightLeft} tone={css.moved} word={t('review.reclassed')} text={t('review.change', { name, before: ontology.tool(one.before.tool)?.name ?? one.before.tool, after: ontology.tool(one.after.tool)?.name ?? one.after.tool })} onGo={go} />,
              ...one.answers.map(id => <Line key={`${one.after.id} ${id}`} icon={ArrowRightLeft} tone={css.moved} word={t('review.answered')} text={t('review.answerOf', { name, answer: answerText(ontology, id, one.before.answers, one.after.answers) })} onGo={go} />),
            ].filter(Boolean);
          }
        }
      })}</ul>
    </section>
  );
}

function Line({ icon: Icon, tone, word, text, onGo }: { readonly icon: LucideIcon; readonly tone: string | undefined; readonly word: string; readonly text: string; readonly onGo?: () => void }) {
  const content = <><Icon size={14} className={tone} aria-hidden /><strong className={tone}>{word}</strong><span>{text}</span></>;
  return <li>{onGo ? <button type="button" className={css.line} onClick={onGo}>{content}</button> : <div className={css.line}>{content}</div>}</li>;
}

function answerText(ontology: OntologyIndex, id: string, before: Answers, after: Answers): string {
  return t('review.change', { name: ontology.question(id)?.text ?? id, before: valueText(ontology, id, before[id]), after: valueText(ontology, id, after[id]) });
}

function valueText(ontology: OntologyIndex, id: string, value: AnswerValue | undefined): string {
  if (value === undefined) return t('state.none');
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  const question = ontology.question(id);
  return value.map(one => question && isChoice(question) ? question.options.find(option => option.id === one)?.text ?? one : one).join(', ');
}
