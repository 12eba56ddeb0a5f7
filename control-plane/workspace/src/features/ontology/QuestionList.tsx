import { ListTree, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { isChoice, type Option as Choice, type Question as Asked, type QuestionKind } from '../../engine';
import { Button, CompactInput, CompactSelect, IconButton } from '../../ui';
import { t, tryText } from '../../words';
import css from './OntologyEditor.module.css';
import { asKind, offeredQuestions, optionsOf, slug } from './ontologyRules';

interface ListProps {
  readonly questions: readonly Asked[];
  readonly ids: ReadonlySet<string>;
  readonly onChange: (next: readonly Asked[]) => void;
}

/** Questions, their options, and the questions under options, to any depth. */
export function QuestionList({ questions, ids, onChange }: ListProps) {
  const add = () => onChange([...questions, { id: slug('', ids, 'question'), kind: 'single', text: '', required: false, options: [] }]);
  return (
    <>
      {questions.map((question, index) => (
        <Question key={index} question={question} ids={ids} onRemove={() => onChange(questions.filter((_, at) => at !== index))}
          onChange={next => onChange(questions.map((one, at) => at === index ? next : one))} />
      ))}
      <div><Button icon={Plus} onClick={add}>{t('ontology.addQuestion')}</Button></div>
    </>
  );
}

interface QuestionProps {
  readonly question: Asked;
  readonly ids: ReadonlySet<string>;
  readonly onChange: (next: Asked) => void;
  readonly onRemove: () => void;
}

function Question({ question, ids, onChange, onRemove }: QuestionProps) {
  const [fresh] = useState(question.text === '');
  const name = question.text || question.id;
  const others = new Set([...ids].filter(id => id !== question.id));
  const kinds = offeredQuestions.includes(question.kind) ? offeredQuestions : [...offeredQuestions, question.kind];
  const options = optionsOf(question);
  const setOptions = (next: readonly Choice[]) => isChoice(question) && onChange({ ...question, options: next });
  return (
    <div className={css.question}>
      <div className={css.line}>
        <CompactInput label={t('ontology.textOf', { name })} value={question.text} placeholder={t('ontology.newQuestion')} title={question.id}
          onChange={event => onChange({ ...question, text: event.target.value, ...(fresh ? { id: slug(event.target.value, others, 'question') } : {}) })} />
        <CompactSelect label={t('ontology.kindOf', { name })} value={question.kind} onChange={event => onChange(asKind(question, event.target.value as QuestionKind))}>
          {kinds.map(kind => <option key={kind} value={kind}>{tryText(`question.${kind}`) ?? kind}</option>)}
        </CompactSelect>
        <label className={css.required}><input type="checkbox" checked={question.required ?? false} onChange={event => onChange({ ...question, required: event.target.checked })} />{t('ontology.required')}</label>
        <IconButton icon={Trash2} label={t('ontology.remove', { name })} onClick={onRemove} side="left" />
      </div>
      {isChoice(question) && (
        <div className={css.options}>
          {options.map((option, index) => (
            <Option key={index} option={option} ids={ids} taken={new Set(options.filter((_, at) => at !== index).map(one => one.id))}
              onChange={next => setOptions(options.map((one, at) => at === index ? next : one))} onRemove={() => setOptions(options.filter((_, at) => at !== index))} />
          ))}
          <div><Button icon={Plus} kind="quiet" onClick={() => setOptions([...options, { id: slug('', new Set(options.map(one => one.id)), 'option'), text: '' }])}>{t('ontology.addOption')}</Button></div>
        </div>
      )}
    </div>
  );
}

interface OptionProps {
  readonly option: Choice;
  readonly ids: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
  readonly onChange: (next: Choice) => void;
  readonly onRemove: () => void;
}

function Option({ option, ids, taken, onChange, onRemove }: OptionProps) {
  const [open, setOpen] = useState((option.questions ?? []).length > 0);
  const [fresh] = useState(option.text === '');
  const name = option.text || option.id;
  return (
    <>
      <div className={css.option}>
        <CompactInput label={t('ontology.optionText', { name })} value={option.text} placeholder={t('ontology.newOption')} title={option.id}
          onChange={event => onChange({ ...option, text: event.target.value, ...(fresh ? { id: slug(event.target.value, taken, 'option') } : {}) })} />
        <IconButton icon={ListTree} label={t('ontology.questionsOf', { name })} pressed={open} onClick={() => setOpen(!open)} side="left" />
        <IconButton icon={Trash2} label={t('ontology.remove', { name })} onClick={onRemove} side="left" />
      </div>
      {open && <div className={css.options}><QuestionList questions={option.questions ?? []} ids={ids} onChange={questions => onChange({ ...option, questions })} /></div>}
    </>
  );
}
