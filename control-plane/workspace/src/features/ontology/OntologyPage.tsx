import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { api, explain, isProblem, type OntologyVersion } from '../../api';
import type { Question } from '../../engine';
import { Banner, Button, Card, Confirm, ErrorBanner, layout, say, Skeleton } from '../../ui';
import { t, tryText } from '../../words';
import { useProject } from '../projects/ProjectFrame';
import { may, projectQuery } from '../projects/queries';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { OntologyEditor } from './OntologyEditor';
import { ontologyFaults, optionsOf } from './ontologyRules';
import css from './OntologyPage.module.css';

const key = (projectId: string) => ['ontology', projectId];

export function OntologyPage() {
  const project = useProject();
  const { data, error, isPending, refetch } = useQuery({ queryKey: key(project.id), queryFn: ({ signal }) => api.ontologies.read(project.id, signal) });
  useTitle(t('tab.ontology'), project.name);
  if (isPending) return <Card pad><Skeleton width={280} height={20} />{[1, 2, 3].map(row => <Skeleton key={row} width="100%" height={46} />)}</Card>;
  if (!data) return <Card><Trouble error={error} onRetry={refetch} /></Card>;
  return may(project, 'ontology.manage') ? <Editing key={data.version} current={data} /> : <Reading current={data} />;
}

function Editing({ current }: { readonly current: OntologyVersion }) {
  const project = useProject();
  const client = useQueryClient();
  const [document, setDocument] = useState(current.document);
  const changed = document !== current.document;
  const faults = ontologyFaults(document);
  const save = useAct({
    mutationFn: () => api.ontologies.save(project.id, current.version, document),
    onSuccess: async next => {
      client.setQueryData(key(project.id), next);
      say(t('ontology.saved', { version: next.version }));
      await client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey });
    },
  });
  const blocker = useBlocker({ shouldBlockFn: () => changed && !save.isSuccess, enableBeforeUnload: () => changed && !save.isSuccess, withResolver: true });
  const stale = isProblem(save.error) && (save.error.status === 409 || save.error.status === 412);
  return (
    <Card pad>
      <div className={layout.row}>
        <p className={`${layout.grow} ${layout.muted}`}>{t('ontology.lead', { version: current.version })}</p>
        {changed && <Button onClick={() => setDocument(current.document)}>{t('act.discard')}</Button>}
        <Button kind={changed && faults.length === 0 ? 'primary' : 'plain'} busy={save.isPending} aria-disabled={!changed || faults.length > 0} onClick={() => changed && faults.length === 0 && save.run()}>{t('ontology.save')}</Button>
      </div>
      {stale
        ? <Banner tone="warn" title={t('ontology.stale')} action={<Button onClick={() => void client.invalidateQueries({ queryKey: key(project.id) })}>{t('ontology.loadNewest')}</Button>}>{t('ontology.staleBody')}</Banner>
        : save.error && <ErrorBanner reason={explain(save.error)} />}
      <OntologyEditor value={document} onChange={setDocument} showFaults={changed} />
      {blocker.status === 'blocked' && <Confirm title={t('ontology.leaveTitle')} act={t('act.leave')} onConfirm={blocker.proceed} onClose={blocker.reset}>{t('ontology.leaveBody')}</Confirm>}
    </Card>
  );
}

function Reading({ current }: { readonly current: OntologyVersion }) {
  const { document, version } = current;
  return (
    <Card pad>
      <p className={layout.muted}>{t('ontology.version', { version })}</p>
      <ul className={css.classes}>{document.tools.map(tool => (
        <li key={tool.id}><i className={css.swatch} style={{ background: tool.color ?? undefined }} aria-hidden /><strong>{tool.name}</strong> <span className={layout.muted}>{tryText(`tool.${tool.kind}`) ?? tool.kind}</span><Questions questions={tool.questions ?? []} /></li>
      ))}</ul>
      {(document.questions ?? []).length > 0 && <><h2>{t('ontology.assetQuestions')}</h2><Questions questions={document.questions ?? []} /></>}
    </Card>
  );
}

function Questions({ questions }: { readonly questions: readonly Question[] }) {
  if (questions.length === 0) return null;
  return (
    <ul className={css.questions}>{questions.map(question => (
      <li key={question.id}>{question.text} <span className={layout.muted}>{optionsOf(question).map(option => option.text).join(' · ')}</span>
        {optionsOf(question).map(option => <Questions key={option.id} questions={option.questions ?? []} />)}
      </li>
    ))}</ul>
  );
}
