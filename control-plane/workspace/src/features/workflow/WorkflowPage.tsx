import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { api, explain, isProblem, type Project, type WorkflowInForce } from '../../api';
import { Badge, Banner, Button, Card, Confirm, EmptyState, ErrorBanner, layout, say, Skeleton, Table, type Column } from '../../ui';
import { figure, t } from '../../words';
import { useProject } from '../projects/ProjectFrame';
import { may, projectQuery } from '../projects/queries';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { isFaulty, stepsOf, toPublish, type DraftStep } from './draftSteps';
import { StepList } from './StepList';

const key = (projectId: string) => ['workflow', projectId];

/** The steps of the project, for its admins, and what sampling achieved, for those who manage it. */
export function WorkflowPage() {
  const project = useProject();
  useTitle(t('tab.workflow'), project.name);
  return (
    <div className={layout.stack}>
      {may(project, 'workflow.manage') && <Workflow project={project} />}
      <Achieved project={project} />
    </div>
  );
}

function Workflow({ project }: { readonly project: Project }) {
  const { data, error, isPending, refetch } = useQuery({ queryKey: key(project.id), queryFn: ({ signal }) => api.workflows.read(project.id, signal) });
  if (isPending) return <Card pad><Skeleton width={280} height={20} />{[1, 2].map(row => <Skeleton key={row} width="100%" height={92} />)}</Card>;
  if (!data) return <Card><Trouble error={error} onRetry={refetch} /></Card>;
  return <><Editing project={project} current={data} /><Separation project={project} current={data} /><SendBack project={project} current={data} /></>;
}

interface Draft { readonly basedOn: WorkflowInForce; readonly steps: readonly DraftStep[] }

function Editing({ project, current }: { readonly project: Project; readonly current: WorkflowInForce }) {
  const client = useQueryClient();
  // Nothing typed: the version in force is shown. Typed: it stays, whatever version comes meanwhile.
  const [draft, setDraft] = useState<Draft | undefined>();
  const [loading, setLoading] = useState(false);
  const steps = draft?.steps ?? stepsOf(current);
  const faulty = steps.some(isFaulty);
  const stale = draft !== undefined && draft.basedOn.version !== current.version;
  const save = useAct({
    mutationFn: () => api.workflows.publish(project.id, current.version, toPublish(steps, current)),
    onSuccess: async ({ version, separationTurnedOn }) => {
      await client.invalidateQueries({ queryKey: key(project.id) });
      setDraft(undefined);
      say(t('workflow.saved', { version }));
      if (separationTurnedOn) say(t('workflow.separationOn'), 'info');
      await client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey });
      await client.invalidateQueries({ queryKey: ['sampling', project.id] });
    },
    onError: async error => {
      // Whoever was faster is shown at once; what was typed stays.
      if (isProblem(error) && error.status === 409) await client.invalidateQueries({ queryKey: key(project.id) });
    },
  });
  const blocker = useBlocker({ shouldBlockFn: () => draft !== undefined, enableBeforeUnload: () => draft !== undefined, withResolver: true });
  const ready = draft !== undefined && !faulty && !stale;
  return (
    <Card pad>
      <div className={layout.row}>
        <p className={`${layout.grow} ${layout.muted}`}>{t('workflow.lead', { version: current.version })}</p>
        {draft && <Button onClick={() => setDraft(undefined)}>{t('act.discard')}</Button>}
        <Button kind={ready ? 'primary' : 'plain'} busy={save.isPending} aria-disabled={!ready} onClick={() => ready && save.run()}>{t('workflow.save')}</Button>
      </div>
      {stale
        ? (
          <Banner tone="warn" title={t('workflow.stale', { version: current.version })} action={<>
            <Button onClick={() => {
              save.reset();
              setDraft({ basedOn: current, steps });
            }}>{t('workflow.keepMine')}</Button>
            <Button onClick={() => setLoading(true)}>{t('workflow.loadNewest')}</Button>
          </>}>{t('workflow.staleBody')}</Banner>
        )
        : save.error && <ErrorBanner reason={explain(save.error)} />}
      <StepList project={project} steps={steps} showFaults={draft !== undefined} onChange={next => setDraft({ basedOn: draft?.basedOn ?? current, steps: next })} />
      {loading && (
        <Confirm title={t('workflow.loadTitle')} act={t('workflow.loadNewest')} onClose={() => setLoading(false)} onConfirm={() => {
          setLoading(false);
          save.reset();
          setDraft(undefined);
        }}>{t('workflow.loadBody')}</Confirm>
      )}
      {blocker.status === 'blocked' && <Confirm title={t('workflow.leaveTitle')} act={t('act.leave')} onConfirm={blocker.proceed} onClose={blocker.reset}>{t('workflow.leaveBody')}</Confirm>}
    </Card>
  );
}

function Separation({ project, current }: { readonly project: Project; readonly current: WorkflowInForce }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const on = current.stepSeparation;
  const change = useAct({
    mutationFn: () => api.workflows.separate(project.id, !on),
    onSuccess: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: key(project.id) });
      await client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey });
      say(t('workflow.settingSaved'));
    },
  });
  return (
    <Card pad title={t('workflow.separation')}>
      <div className={layout.row}>
        <Badge tone={on ? 'good' : 'warn'}>{on ? t('workflow.separationIsOn') : t('workflow.separationIsOff')}</Badge>
        <Button busy={change.isPending && !asking} onClick={() => on ? setAsking(true) : change.run()}>{on ? t('workflow.turnOff') : t('workflow.turnOn')}</Button>
      </div>
      <p className={layout.muted}>{on ? t('workflow.separationOnBody') : t('workflow.separationOffBody')}</p>
      {change.error && !asking && <ErrorBanner reason={explain(change.error)} />}
      {asking && (
        <Confirm title={t('workflow.turnOffTitle')} act={t('workflow.turnOff')} busy={change.isPending} reason={change.error ? explain(change.error) : undefined}
          onConfirm={() => change.run()} onClose={() => setAsking(false)}>{t('workflow.turnOffBody')}</Confirm>
      )}
    </Card>
  );
}

function SendBack({ project, current }: { readonly project: Project; readonly current: WorkflowInForce }) {
  const client = useQueryClient();
  const change = useAct({
    mutationFn: (toQueue: boolean) => api.workflows.sendBack(project.id, toQueue),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: key(project.id) });
      say(t('workflow.settingSaved'));
    },
  });
  return (
    <Card pad title={t('workflow.sendBack')}>
      {change.error && <ErrorBanner reason={explain(change.error)} />}
      <div className={layout.actions} role="group" aria-label={t('workflow.sendBack')}>
        {[false, true].map(toQueue => (
          <Button key={String(toQueue)} aria-pressed={current.sendsBackToQueue === toQueue} kind={current.sendsBackToQueue === toQueue ? 'primary' : 'plain'} busy={change.isPending && change.variables === toQueue}
            onClick={() => current.sendsBackToQueue !== toQueue && change.run(toQueue)}>{toQueue ? t('workflow.toQueue') : t('workflow.toLabeler')}</Button>
        ))}
      </div>
    </Card>
  );
}

interface Row { readonly id: string; readonly step: string; readonly policy: number; readonly arrived: number; readonly reviewed: number; readonly expected: number; readonly achieved: number; readonly lower: number; readonly upper: number }

const percent = (share: number) => t('workflow.percent', { value: figure(share * 100, 1) });

const columns: readonly Column<Row>[] = [
  { key: 'step', head: t('workflow.col.step'), width: 200, cell: row => row.step },
  { key: 'policy', head: t('workflow.col.policy'), number: true, cell: row => figure(row.policy) },
  { key: 'arrived', head: t('workflow.col.arrived'), number: true, cell: row => figure(row.arrived) },
  { key: 'reviewed', head: t('workflow.col.reviewed'), number: true, cell: row => figure(row.reviewed) },
  { key: 'expected', head: t('workflow.col.expected'), number: true, cell: row => percent(row.expected) },
  { key: 'achieved', head: t('workflow.col.achieved'), number: true, cell: row => percent(row.achieved) },
  { key: 'interval', head: t('workflow.col.interval'), cell: row => `${percent(row.lower)} – ${percent(row.upper)}` },
];

function Achieved({ project }: { readonly project: Project }) {
  const { data, error, refetch } = useQuery({ queryKey: ['sampling', project.id], queryFn: ({ signal }) => api.workflows.sampling(project.id, signal), staleTime: 5_000 });
  if (error && !data) return <Card><Trouble error={error} onRetry={refetch} /></Card>;
  const rows = data?.steps.flatMap(step => step.figures.map((one): Row => ({ ...one, id: `${step.id} ${one.policyVersion}`, step: step.name, policy: one.policyVersion })));
  return (
    <Card>
      <div className={layout.bar}><h2>{t('workflow.achieved')}</h2></div>
      {data?.steps.length === 0
        ? <EmptyState title={t('workflow.noReview')} />
        : rows?.length === 0
          ? <EmptyState title={t('workflow.noneArrived')} />
          : <><p className={layout.bar}>{t('workflow.achievedLead', { count: data?.mostDecisions ?? 10_000 })}</p><Table rows={rows} columns={columns} id={row => row.id} label={t('workflow.achieved')} /></>}
    </Card>
  );
}
