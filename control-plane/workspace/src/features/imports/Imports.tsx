import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CircleSlash, CircleX, Clock, Import, LoaderCircle, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { api, explain, fieldError, type ImportView } from '../../api';
import { Badge, Button, Card, Confirm, Dialog, EmptyState, ErrorBanner, ErrorState, layout, SelectField, SkeletonRows, Table, TextArea, TextField, When, type Column, type Tone } from '../../ui';
import { figure, t } from '../../words';
import { useProject } from '../projects/ProjectFrame';
import { projectQuery } from '../projects/queries';

const looks: Record<ImportView['state'], readonly [Tone, LucideIcon]> = {
  queued: ['neutral', Clock],
  listing: ['info', LoaderCircle],
  done: ['good', CircleCheck],
  failed: ['bad', CircleX],
  cancelled: ['neutral', CircleSlash],
};
const runs = (one: ImportView) => one.state === 'queued' || one.state === 'listing';

/** The agent lists a prefix; its names become assets here. No byte of an object is read. */
export function Imports() {
  const project = useProject();
  const client = useQueryClient();
  const key = ['imports', project.id];
  const { data, error, isPending, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.imports.list(project.id, signal),
    refetchInterval: query => query.state.data?.items.some(one => runs(one) || one.described < one.describedTotal) ? 1_500 : false,
  });
  const [starting, setStarting] = useState(false);
  const [cancelling, setCancelling] = useState<ImportView | undefined>();
  const changed = async () => {
    await client.invalidateQueries({ queryKey: key });
    await client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey });
  };
  const cancel = useMutation({
    mutationFn: (one: ImportView) => api.imports.cancel(project.id, one.id),
    onSuccess: async () => {
      setCancelling(undefined);
      await changed();
    },
  });
  const nameOf = (connectionId: string) => project.connections.find(one => one.id === connectionId)?.name ?? t('state.none');
  const columns: readonly Column<ImportView>[] = [
    { key: 'from', head: t('imports.connection'), cell: row => nameOf(row.connectionId) },
    { key: 'prefix', head: t('imports.prefix'), cell: row => <span className={layout.mono}>{row.prefix || t('imports.everything')}</span> },
    { key: 'state', head: t('imports.state'), title: row => row.error?.detail, cell: row => <Badge tone={looks[row.state][0]} icon={looks[row.state][1]}>{t(`imports.${row.state}`)}</Badge> },
    ...(['listed', 'added', 'unchanged', 'changed', 'refused'] as const).map(name => ({ key: name, head: t(`imports.count.${name}`), number: true, cell: (row: ImportView) => figure(row[name]) })),
    { key: 'described', head: t('imports.described'), number: true, cell: row => t('imports.describedOf', { described: row.described, total: row.describedTotal }) },
    { key: 'when', head: t('imports.startedAt'), cell: row => <When at={row.createdAt} /> },
    { key: 'controls', head: t('imports.controls'), controls: true, cell: row => runs(row) && <Button onClick={() => setCancelling(row)}>{t('act.cancel')}</Button> },
  ];
  const start = <Button kind="primary" icon={Import} onClick={() => setStarting(true)}>{t('imports.start')}</Button>;
  const failed = data?.items.find(one => one.state === 'failed' && one.error);
  return (
    <Card>
      <div className={layout.bar}><span className={layout.muted}>{t('imports.lead')}</span><span className={layout.grow} />{start}</div>
      {failed?.error && failed === data?.items[0] && <ErrorBanner reason={explain({ code: failed.error.code, title: t('imports.failedTitle'), detail: failed.error.detail })} />}
      {isPending && <SkeletonRows rows={3} widths={[120, 120, 80, 60, 60]} />}
      {error && <ErrorState reason={explain(error)} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && <EmptyState icon={Import} title={t('imports.none')} action={start}>{t('imports.noneBody')}</EmptyState>}
      {data && data.items.length > 0 && <Table rows={data.items} columns={columns} id={row => row.id} label={t('tab.imports')} />}
      {starting && <StartImport onClose={() => setStarting(false)} onStarted={changed} />}
      {cancelling && (
        <Confirm title={t('imports.cancelTitle')} act={t('imports.cancelAct')} busy={cancel.isPending} reason={cancel.error ? explain(cancel.error) : undefined}
          onConfirm={() => cancel.mutate(cancelling)} onClose={() => {
            setCancelling(undefined);
            cancel.reset();
          }}>{t('imports.cancelBody')}</Confirm>
      )}
    </Card>
  );
}

const lines = (text: string) => text.split('\n').map(line => line.trim()).filter(Boolean);

function StartImport({ onClose, onStarted }: { readonly onClose: () => void; readonly onStarted: () => Promise<void> }) {
  const project = useProject();
  const [connectionId, setConnectionId] = useState(project.connections[0]?.id ?? '');
  const [prefix, setPrefix] = useState('');
  const [include, setInclude] = useState('');
  const [exclude, setExclude] = useState('');
  const start = useMutation({
    mutationFn: () => api.imports.start(project.id, { connectionId, prefix: prefix.trim(), include: lines(include), exclude: lines(exclude) }),
    onSuccess: async () => {
      await onStarted();
      onClose();
    },
  });
  return (
    <Dialog title={t('imports.start')} onClose={onClose} onSubmit={() => connectionId && !start.isPending && start.mutate()}
      foot={<><Button onClick={onClose}>{t('act.cancel')}</Button><Button kind="primary" type="submit" busy={start.isPending} aria-disabled={!connectionId}>{t('imports.start')}</Button></>}>
      {start.error && <ErrorBanner reason={explain(start.error)} />}
      <SelectField label={t('imports.connection')} value={connectionId} error={fieldError(start.error, 'connectionId')} hint={project.connections.length === 0 ? t('imports.noConnection') : undefined} onChange={event => setConnectionId(event.target.value)}>
        {project.connections.map(one => <option key={one.id} value={one.id}>{one.name}</option>)}
      </SelectField>
      <TextField label={t('imports.prefix')} optional hint={t('imports.prefixHint')} value={prefix} error={fieldError(start.error, 'prefix')} onChange={event => setPrefix(event.target.value)} />
      <div className={layout.two}>
        <TextArea label={t('imports.include')} optional rows={3} hint={t('imports.globHint')} placeholder={t('imports.includeExample')} value={include} error={fieldError(start.error, 'include')} onChange={event => setInclude(event.target.value)} />
        <TextArea label={t('imports.exclude')} optional rows={3} placeholder={t('imports.excludeExample')} value={exclude} error={fieldError(start.error, 'exclude')} onChange={event => setExclude(event.target.value)} />
      </div>
    </Dialog>
  );
}
