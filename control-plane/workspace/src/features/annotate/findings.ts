import { reveal, type Finding, type LabelDocument, type OntologyIndex, type Workspace } from '../../engine';
import { t, tn } from '../../words';
import { questionAnchor } from './AnswerForm';
import { numberOf } from './objectNumbers';

const nameOf = (ontology: OntologyIndex, document: LabelDocument, id: string): string => {
  const object = document.objects.find(one => one.id === id);
  return t('work.object', { name: (object && ontology.tool(object.tool)?.name) ?? '', number: numberOf(document, id) });
};

/** A finding in words. */
export function findingText(finding: Finding, ontology: OntologyIndex, document: LabelDocument): string {
  switch (finding.kind) {
    case 'answer': return finding.objectId
      ? t('check.objectAnswer', { object: nameOf(ontology, document, finding.objectId), question: finding.question.text })
      : t('check.answer', { question: finding.question.text });
    case 'shape': return t(`check.shape.${finding.fault}`, { object: nameOf(ontology, document, finding.objectId) });
    case 'tooFew': return tn('check.tooFew', finding.limit, { name: finding.name, have: finding.count });
    case 'tooMany': return tn('check.tooMany', finding.limit, { name: finding.name, have: finding.count });
  }
}

export const findingKey = (finding: Finding): string =>
  finding.kind === 'answer' ? `${finding.objectId ?? ''} ${finding.question.id}` : finding.kind === 'shape' ? `${finding.objectId} ${finding.fault}` : finding.toolId;

/** Brings the person to where a finding is mended. */
export function goToFinding(finding: Finding, ws: Workspace): void {
  switch (finding.kind) {
    case 'shape': reveal(ws, finding.objectId); return;
    case 'tooFew': ws.draw(finding.toolId); return;
    case 'tooMany': ws.draw(undefined); ws.select(ws.state.document.objects.filter(object => object.tool === finding.toolId).map(object => object.id)); return;
    case 'answer': {
      if (finding.objectId) reveal(ws, finding.objectId);
      const { objectId = 'asset', question } = finding;
      // The form of an object is there only once it is selected.
      requestAnimationFrame(() => {
        const place = document.getElementById(questionAnchor(objectId, question.id));
        place?.scrollIntoView({ block: 'center' });
        place?.querySelector<HTMLElement>('input, select, textarea, button')?.focus();
      });
    }
  }
}
