import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CirclePause, CircleSlash, CircleX, Clock, Import, LoaderCircle, Pause, Play, Unplug, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { api, explain, type ImportView } from '../../api';
import { Badge, Button, Card, Confirm, Dialog, EmptyState, ErrorBanner, layout, Pager, Table, When, type Column, type Tone } from '../../ui';
import { figure, t } from '../../words';
import { useProject } from '../projects/ProjectFrame';
import { projectQuery } from '../projects/queries';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { usePages } from '../usePages';
import { useTitle } from '../useTitle';
import { StartImport } from './StartImport';

const size = 50;
const looks: Record<ImportView['state'], readonly [Tone, LucideIcon]> = {
  queued: ['neutral', Clock],
  listing: ['info', LoaderCircle],
  done: ['good', CircleCheck],
  failed: ['bad', CircleX],
  cancelled: ['neutral', CircleSlash],
  paused: ['neutral', CirclePause],
};
const counts = ['listed', 'added', 'unchanged', 'changed', 'vanished', 'refused'] as const;
const quiet: readonly string[] = ['unchanged', 'listed', 'vanished'] satisfies (typeof counts)[number][];
const runs = (one: ImportView) => one.state === 'queued' || one.state === 'listing';
/** Quickly while figures move, else now and then: somebody else may start one. */
const again = (rows: readonly ImportView[]) => rows.some(one => runs(one) || one.described < one.describedTotal) ? 1_500 : 15_000;

const importTrouble = (error: NonNullable<ImportView['error']>) => ({ ...explain({ code: error.code, title: t('imports.failedTitle'), detail: error.detail }), safe: t('problem.import.safe') });

/** The agent lists a prefix; its names become assets here. No byte of an object is read. */
export function Imports() {
  const project = useProject();
  const client = useQueryClient();
  const { query, rows, pager } = usePages(['imports', project.id], (paging, signal) => api.imports.list(project.id, paging, signal), { size, again });
  const [starting, setStarting] = useState(false);
  const [looked, setLooked] = useState<string | undefined>();
  const [cancelling, setCancelling] = useState<ImportView | undefined>();
  useTitle(t('tab.imports'), project.name);
  const changed = async () => {
    await client.invalidateQueries({ queryKey: ['imports', project.id] });
    await client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey });
  };
  const cancel = useAct({
    mutationFn: (one: ImportView) => api.imports.cancel(project.id, one.id),
    onSuccess: async () => {
      setCancelling(undefined);
      await changed();
    },
  });
  const pause = useAct({ mutationFn: (one: ImportView) => api.imports.pause(project.id, one.id), onSuccess: changed });
  const resume = useAct({ mutationFn: (one: ImportView) => api.imports.resume(project.id, one.id), onSuccess: changed });
  const nameOf = (connectionId: string) => project.connections.find(one => one.id === connectionId)?.name ?? t('state.none');
  const columns: readonly Column<ImportView>[] = [
    { key: 'prefix', head: t('imports.prefix'), width: 120, title: row => row.prefix || undefined, cell: row => row.prefix ? <span className={layout.mono}>{row.prefix}</span> : t('imports.everything') },
    { key: 'from', head: t('imports.connection'), cell: row => nameOf(row.connectionId), title: row => nameOf(row.connectionId) },
    { key: 'state', head: t('imports.state'), title: row => row.error?.detail, cell: row => <State of={row} /> },
    ...counts.map(name => ({ key: name, head: t(`imports.count.${name}`), number: true, width: 24, spare: quiet.includes(name), cell: (row: ImportView) => figure(row[name]) })),
    { key: 'when', head: t('imports.startedAt'), cell: row => <When at={row.createdAt} /> },
    { key: 'controls', head: t('imports.controls'), controls: true, cell: row => (
      <>
        {runs(row) && <Button icon={Pause} busy={pause.isPending} onClick={() => pause.run(row)}>{t('imports.pause')}</Button>}
        {row.state === 'paused' && <Button icon={Play} busy={resume.isPending} onClick={() => resume.run(row)}>{t('imports.resume')}</Button>}
        {(runs(row) || row.state === 'paused') && <Button onClick={() => setCancelling(row)}>{t('act.cancel')}</Button>}
      </>
    ) },
  ];
  const start = <Button icon={Import} onClick={() => setStarting(true)}>{t('imports.start')}</Button>;
  const newest = pager.page === 0 ? rows?.[0] : undefined;
  const shown = rows?.find(one => one.id === looked);
  if (query.error && !rows) return <Card><Trouble error={query.error} onRetry={query.refetch} /></Card>;
  return (
    <Card>
      <div className={layout.bar}>
        <span className={layout.muted}>{newest && newest.described < newest.describedTotal ? t('imports.describing', { described: newest.described, total: newest.describedTotal }) : t('imports.lead')}</span>
        <span className={layout.grow} />
        {rows?.length !== 0 && start}
      </div>
      {newest?.state === 'failed' && newest.error && <div className={layout.notice}><ErrorBanner reason={importTrouble(newest.error)} /></div>}
      {[pause, resume].map((act, i) => act.error && <div key={i} className={layout.notice}><ErrorBanner reason={explain(act.error)} /></div>)}
      {rows?.length === 0
        ? <EmptyState icon={Import} title={t('imports.none')} action={start}>{t('imports.noneBody')}</EmptyState>
        : <Table rows={rows} columns={columns} id={row => row.id} label={t('tab.imports')} onOpen={row => setLooked(row.id)} old={query.isPlaceholderData} />}
      <Pager {...pager} total={undefined} />
      {shown && (
        <Dialog title={t('imports.of', { prefix: shown.prefix || t('imports.everything') })} onClose={() => setLooked(undefined)}>
          {shown.error && <ErrorBanner reason={importTrouble(shown.error)} />}
          <dl className={layout.facts}>
            <dt>{t('imports.state')}</dt><dd><State of={shown} /></dd>
            <dt>{t('imports.connection')}</dt><dd>{nameOf(shown.connectionId)}</dd>
            {counts.map(name => <Fact key={name} name={t(`imports.count.${name}`)} hint={t(`imports.countHint.${name}`)} value={figure(shown[name])} />)}
            <dt>{t('imports.startedAt')}</dt><dd><When at={shown.createdAt} /></dd>
            {shown.finishedAt && <><dt>{t('imports.finishedAt')}</dt><dd><When at={shown.finishedAt} /></dd></>}
          </dl>
        </Dialog>
      )}
      {starting && <StartImport onClose={() => setStarting(false)} onStarted={changed} />}
      {cancelling && (
        <Confirm title={t('imports.cancelTitle')} act={t('imports.cancelAct')} busy={cancel.isPending} reason={cancel.error ? explain(cancel.error) : undefined}
          onConfirm={() => cancel.run(cancelling)} onClose={() => {
            setCancelling(undefined);
            cancel.reset();
          }}>{t('imports.cancelBody')}</Confirm>
      )}
    </Card>
  );
}

function State({ of }: { readonly of: ImportView }) {
  if (of.isWaiting) return <Badge tone="warn" icon={Unplug} title={t('imports.waitingHint')}>{t('imports.waiting')}</Badge>;
  const [tone, icon] = looks[of.state];
  return <Badge tone={tone} icon={icon}>{t(`imports.${of.state}`)}</Badge>;
}

function Fact({ name, hint, value }: { readonly name: string; readonly hint: string; readonly value: string }) {
  return <><dt>{name}</dt><dd>{value} <span className={layout.muted}>{hint}</span></dd></>;
}
