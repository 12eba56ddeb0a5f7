import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, explain, fieldError } from '../../api';
import { Button, Cancel, Check, Dialog, ErrorBanner, layout, SelectField, Skeleton, TextArea, TextField } from '../../ui';
import { t, tryText } from '../../words';
import type { Ontology } from '../../engine';
import { agentsQuery } from '../agents/agentsQuery';
import { useAct } from '../useAct';
import { OntologyEditor } from '../ontology/OntologyEditor';
import { ontologyFaults, startingOntology } from '../ontology/ontologyRules';

/** One dialog: name, where the pictures are, what is drawn, and whether there is a review step. */
export function CreateProject({ onClose }: { readonly onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const connections = useQuery({ ...agentsQuery, select: page => page.items.filter(agent => !agent.revokedAt).flatMap(agent => agent.connections.map(connection => ({ ...connection, agent: agent.name }))) });
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [connectionIds, setConnectionIds] = useState<readonly string[]>([]);
  const [untouched] = useState(startingOntology);
  const [ontology, setOntology] = useState(untouched);
  const [reviewStep, setReviewStep] = useState(true);
  const [template, setTemplate] = useState('');
  const [asked, setAsked] = useState(false);
  const templates = useQuery({ queryKey: ['project-templates'], queryFn: ({ signal }) => api.projects.templates(signal), staleTime: Infinity });
  const creating = useAct({
    mutationFn: () => api.projects.create({ name: name.trim(), description: description.trim(), connectionIds, ontology, reviewStep, stepSeparation: reviewStep }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['projects'] });
      onClose();
      await navigate({ to: '/projects/$projectId', params: { projectId: id } });
    },
  });
  const nameMissing = asked && !name.trim();
  const ready = name.trim() !== '' && ontologyFaults(ontology).length === 0;

  return (
    <Dialog wide title={t('project.create')} onClose={onClose} loses={(name || description || connectionIds.length > 0 || ontology !== untouched) && t('form.loses')}
      onSubmit={() => {
        setAsked(true);
        if (ready) creating.run();
      }}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={creating.isPending}>{t('project.create')}</Button></>}>
      {creating.error && <ErrorBanner reason={explain(creating.error)} />}
      <div className={layout.two}>
        <TextField label={t('field.name')} maxLength={200} value={name} onChange={event => setName(event.target.value)} error={nameMissing ? t('field.required') : fieldError(creating.error, 'name')} />
        <TextArea label={t('field.description')} optional rows={2} maxLength={2000} value={description} onChange={event => setDescription(event.target.value)} error={fieldError(creating.error, 'description')} />
      </div>
      <fieldset className={layout.stack}>
        <legend><h3>{t('project.connections')}</h3></legend>
        {connections.isPending && <Skeleton width={240} height={12} />}
        {connections.error && <ErrorBanner reason={explain(connections.error)} />}
        {connections.data?.length === 0 && <p className={layout.muted}>{t('project.noConnections')}</p>}
        {connections.data?.map(connection => (
          <Check key={connection.id} label={connection.name} hint={t('project.connectionOf', { provider: tryText(`provider.${connection.provider}`) ?? connection.provider, agent: connection.agent })} checked={connectionIds.includes(connection.id)}
            onChange={event => setConnectionIds(event.target.checked ? [...connectionIds, connection.id] : connectionIds.filter(id => id !== connection.id))} />
        ))}
      </fieldset>
      <Check label={t('project.reviewStep')} hint={t('project.reviewStepHint')} checked={reviewStep} onChange={event => setReviewStep(event.target.checked)} />
      <SelectField label={t('template.choose')} value={template} onChange={event => {
        const chosen = templates.data?.items.find(one => one.id === event.target.value);
        setTemplate(event.target.value);
        setOntology(chosen ? chosen.ontology as Ontology : untouched);
      }}>
        <option value="">{t('template.own')}</option>
        {templates.data?.items.map(one => <option key={one.id} value={one.id}>{tryText(`templateName.${one.id}`) ?? one.id}</option>)}
      </SelectField>
      <OntologyEditor value={ontology} onChange={setOntology} showFaults={asked} />
    </Dialog>
  );
}
