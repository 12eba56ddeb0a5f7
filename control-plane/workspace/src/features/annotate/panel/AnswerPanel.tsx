import { answer, objectOf, type Workspace } from '../../../engine';
import { t } from '../../../words';
import { AnswerForm } from '../AnswerForm';
import { numberOf } from '../objectNumbers';
import { pickDocument, pickSelection, useWorkspace } from '../useWorkspace';
import css from './panel.module.css';

/** Questions about the selected object, then about the whole picture. */
export function AnswerPanel({ workspace, showsMissing, readOnly }: { readonly workspace: Workspace; readonly showsMissing: boolean; readonly readOnly: boolean }) {
  const document = useWorkspace(workspace, pickDocument);
  const selection = useWorkspace(workspace, pickSelection);
  const { ontology } = workspace;
  const [id] = selection;
  const object = selection.size === 1 && id !== undefined ? objectOf(document, id) : undefined;
  const tool = object && ontology.tool(object.tool);
  const own = tool?.questions ?? [];
  if (own.length === 0 && ontology.questions.length === 0) return null;
  return (
    <div className={css.answers}>
      {object && own.length > 0 && (
        <section className={css.section} aria-label={t('work.objectAnswers', { name: tool?.name ?? '' })}>
          <h2 className={css.head}>{t('work.object', { name: tool?.name ?? '', number: numberOf(document, object.id) })}</h2>
          <AnswerForm key={object.id} owner={object.id} questions={own} answers={object.answers} showsMissing={showsMissing} readOnly={readOnly}
            onAnswer={(question, value, again) => answer(workspace, object.id, question, value, again)} />
        </section>
      )}
      {ontology.questions.length > 0 && (
        <section className={css.section} aria-label={t('work.answers')}>
          <h2 className={css.head}>{t('work.answers')}</h2>
          <AnswerForm owner="asset" questions={ontology.questions} answers={document.answers} showsMissing={showsMissing} readOnly={readOnly}
            onAnswer={(question, value, again) => answer(workspace, undefined, question, value, again)} />
        </section>
      )}
    </div>
  );
}
