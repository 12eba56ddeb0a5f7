import { ArrowDown, ArrowUp, CircleAlert } from 'lucide-react';
import { useId, useRef } from 'react';
import { askedQuestions, isChoice, isUnanswered, type Answers, type AnswerValue, type ChoiceQuestion, type Question } from '../../engine';
import { CompactInput, CompactSelect, IconButton, TextArea } from '../../ui';
import { t } from '../../words';
import css from './AnswerForm.module.css';

interface FormProps {
  readonly questions: readonly Question[];
  readonly answers: Answers;
  /** `again`: the same text is being typed on. */
  readonly onAnswer: (questionId: string, value: AnswerValue | null, again: boolean) => void;
  /** Show what is required and missing: after the first submit. */
  readonly showsMissing: boolean;
  readonly readOnly?: boolean;
  /** Tells the forms of several objects apart, for the jump to a missing answer. */
  readonly owner: string;
}

/** Where the jump to a missing answer goes. */
export const questionAnchor = (owner: string, questionId: string) => `question-${owner}-${questionId}`;

/** Questions with the ones that a chosen option brings, to any depth. */
export function AnswerForm({ questions, answers, onAnswer, showsMissing, readOnly = false, owner }: FormProps) {
  return (
    <div className={css.form}>
      {askedQuestions(questions, answers).map(({ question, depth }) => {
        const value = answers[question.id];
        const missing = showsMissing && question.required === true && isUnanswered(value);
        return (
          <fieldset key={question.id} id={questionAnchor(owner, question.id)} className={css.question} data-depth={Math.min(depth, 3)} disabled={readOnly}>
            <legend className={css.text}>{question.text}{question.required && <em>{t('answers.required')}</em>}</legend>
            <Answer question={question} value={value} onAnswer={(next, again = false) => onAnswer(question.id, next, again)} />
            {missing && <p className={css.missing} role="alert"><CircleAlert size={14} aria-hidden />{t('answers.missing')}</p>}
          </fieldset>
        );
      })}
    </div>
  );
}

interface AnswerProps<Q extends Question = Question> {
  readonly question: Q;
  readonly value: AnswerValue | undefined;
  readonly onAnswer: (value: AnswerValue | null, again?: boolean) => void;
}

function Answer({ question, value, onAnswer }: AnswerProps) {
  const typing = useTyping();
  if (isChoice(question)) {
    if (question.kind === 'dropdown') return <DropDown question={question} value={value} onAnswer={onAnswer} />;
    if (question.kind === 'ranking') return <Ranking question={question} value={value} onAnswer={onAnswer} />;
    return <Choice question={question} value={value} onAnswer={onAnswer} />;
  }
  const text = typeof value === 'string' ? value : '';
  switch (question.kind) {
    case 'number':
      return (
        <div className={css.row}>
          <CompactInput label={question.text} type="number" style={{ width: 120 }} value={typeof value === 'number' ? value : ''} {...range(question)} onFocus={typing.onFocus}
            onChange={event => onAnswer(event.target.value === '' ? null : event.target.valueAsNumber, typing.goesOn())} />
          {question.unit}
        </div>
      );
    case 'rating':
      return <Rating name={question.text} most={question.max ?? 5} value={typeof value === 'number' ? value : undefined} onRate={onAnswer} />;
    case 'date':
      return <CompactInput label={question.text} type="date" style={{ width: 160 }} value={text} onChange={event => onAnswer(event.target.value || null)} />;
    default:
      return <TextArea label={t('answers.text')} rows={question.kind === 'transcription' ? 4 : 2} value={text} onFocus={typing.onFocus} onChange={event => onAnswer(event.target.value || null, typing.goesOn())} />;
  }
}

/** What is typed in one go is one undo step: each key but the first after the focus goes on with it. */
function useTyping(): { readonly onFocus: () => void; readonly goesOn: () => boolean } {
  const begun = useRef(false);
  return {
    onFocus: () => {
      begun.current = false;
    },
    goesOn: () => {
      const before = begun.current;
      begun.current = true;
      return before;
    },
  };
}

const range = ({ min, max, step }: { min?: number | null; max?: number | null; step?: number | null }) => ({
  ...(min === null || min === undefined ? {} : { min }), ...(max === null || max === undefined ? {} : { max }), step: step ?? ('any' as const),
});

const chosenOf = (value: AnswerValue | undefined): readonly string[] => Array.isArray(value) ? value as readonly string[] : [];

function Choice({ question, value, onAnswer }: AnswerProps<ChoiceQuestion>) {
  const name = useId();
  const chosen = chosenOf(value);
  const single = question.kind === 'single';
  const choose = (id: string, on: boolean) => {
    const next = single ? [id] : question.options.map(option => option.id).filter(one => one === id ? on : chosen.includes(one));
    onAnswer(next.length > 0 ? next : null);
  };
  return (
    <div className={css.options}>
      {question.options.map(option => (
        <label key={option.id} className={css.option}>
          <input type={single ? 'radio' : 'checkbox'} name={name} checked={chosen.includes(option.id)} onChange={event => choose(option.id, event.target.checked)} />
          <span>{option.text}</span>
        </label>
      ))}
      {single && !question.required && chosen.length > 0 && <div><button type="button" className={css.clear} onClick={() => onAnswer(null)}>{t('answers.clear')}</button></div>}
    </div>
  );
}

function DropDown({ question, value, onAnswer }: AnswerProps<ChoiceQuestion>) {
  return (
    <CompactSelect label={question.text} value={chosenOf(value)[0] ?? ''} onChange={event => onAnswer(event.target.value ? [event.target.value] : null)}>
      <option value="">{t('answers.choose')}</option>
      {question.options.map(option => <option key={option.id} value={option.id}>{option.text}</option>)}
    </CompactSelect>
  );
}

function Ranking({ question, value, onAnswer }: AnswerProps<ChoiceQuestion>) {
  const ranked = chosenOf(value);
  const order = [...ranked, ...question.options.map(option => option.id).filter(id => !ranked.includes(id))];
  const swap = (at: number, step: -1 | 1) => {
    const next = [...order];
    const one = next[at];
    const other = next[at + step];
    if (one === undefined || other === undefined) return;
    next[at] = other;
    next[at + step] = one;
    onAnswer(next);
  };
  return (
    <ol className={css.options}>
      {order.map((id, at) => {
        const text = question.options.find(option => option.id === id)?.text ?? id;
        return (
          <li key={id} className={css.row}>
            <span>{t('answers.rank', { place: at + 1, text })}</span>
            <IconButton icon={ArrowUp} label={t('answers.up', { text })} disabled={at === 0} onClick={() => swap(at, -1)} side="left" />
            <IconButton icon={ArrowDown} label={t('answers.down', { text })} disabled={at === order.length - 1} onClick={() => swap(at, 1)} side="left" />
          </li>
        );
      })}
    </ol>
  );
}

/** A whole number from 1; pressing the chosen one again takes it back. */
export function Rating({ name, most, value, onRate }: { readonly name: string; readonly most: number; readonly value: number | undefined; readonly onRate: (value: number | null) => void }) {
  const group = useId();
  return (
    <div className={css.row} role="radiogroup" aria-label={name}>
      <span className={css.rating}>{Array.from({ length: most }, (_, at) => at + 1).map(score => (
        <label key={score}><input type="radio" name={group} checked={value === score} onChange={() => onRate(score)} aria-label={t('answers.score', { score, most })} />{score}</label>
      ))}</span>
      {value !== undefined && <button type="button" className={css.clear} onClick={() => onRate(null)}>{t('answers.clear')}</button>}
    </div>
  );
}
