import { useQueryClient } from '@tanstack/react-query';
import { Archive, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { api, explain, type HoneypotRow, type Project } from '../../api';
import { Badge, Button, Card, EmptyState, ErrorBanner, IconButton, layout, Pager, say, Table, When, type Column } from '../../ui';
import { figure, t, tn } from '../../words';
import { AssetDialog } from '../assets/AssetDialog';
import { may } from '../projects/queries';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { usePages } from '../usePages';
import { percent } from './figures';
import { linesOf, type Line } from './knownAnswers';

const size = 50;

/** Assets whose right answer is known, and known answers from a file. */
export function Honeypots({ project }: { readonly project: Project }) {
  const client = useQueryClient();
  const picker = useRef<HTMLInputElement>(null);
  const [unread, setUnread] = useState(false);
  const [looked, setLooked] = useState<HoneypotRow | undefined>();
  const key = ['honeypots', project.id];
  const { query, rows, pager } = usePages(key, (paging, signal) => api.quality.honeypots(project.id, paging, signal), { size });
  const done = () => Promise.all([client.invalidateQueries({ queryKey: key }), client.invalidateQueries({ queryKey: ['quality', project.id] })]);
  const retire = useAct({ mutationFn: (id: string) => api.quality.retire(project.id, id), onSuccess: async () => { await done(); say(t('honeypots.retiredNow')); } });
  const load = useAct({
    mutationFn: (lines: Line[]) => api.quality.importTruth(project.id, lines),
    onSuccess: async ({ ids }) => { await done(); say(tn('honeypots.imported', ids.length)); },
  });
  const take = async (file: File) => {
    const lines = linesOf(await file.text());
    setUnread(lines === undefined);
    if (lines) load.run(lines);
  };
  const manages = may(project, 'quality.manage');
  const columns: readonly Column<HoneypotRow>[] = [
    { key: 'name', head: t('assets.name'), width: 220, cell: row => row.name, title: row => row.name },
    { key: 'given', head: t('honeypots.given'), number: true, cell: row => figure(row.given) },
    { key: 'answers', head: t('honeypots.answers'), number: true, cell: row => figure(row.answers) },
    { key: 'score', head: t('quality.score'), number: true, cell: row => row.meanScore === null ? t('state.none') : percent(row.meanScore) },
    { key: 'at', head: t('honeypots.since'), cell: row => <When at={row.createdAt} /> },
    { key: 'state', head: t('quality.state'), cell: row => row.retiredAt ? <Badge {...row.retiredByItself && { title: t('honeypots.known') }}>{t('honeypots.isRetired')}</Badge> : <Badge tone="good">{t('honeypots.isActive')}</Badge> },
    ...(manages ? [{ key: 'controls', head: t('members.controls'), controls: true, cell: (row: HoneypotRow) => !row.retiredAt && <IconButton icon={Archive} side="left" label={t('honeypots.retire', { name: row.name })} onClick={() => retire.run(row.id)} /> }] : []),
  ];
  const failed = retire.error ?? load.error;
  return (
    <Card>
      <div className={layout.bar}>
        <h2>{t('honeypots.title')}</h2>
        <span className={layout.grow} />
        {manages && <>
          <Button icon={Upload} busy={load.isPending} title={t('honeypots.uploadHint')} onClick={() => picker.current?.click()}>{t('honeypots.upload')}</Button>
          <input ref={picker} type="file" hidden accept=".json,application/json" aria-label={t('honeypots.upload')} onChange={event => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file) void take(file);
          }} />
        </>}
      </div>
      {unread && <ErrorBanner reason={{ what: t('honeypots.unread'), safe: t('assets.lookSafe'), todo: t('honeypots.uploadHint'), code: 'honeypot.unread' }} />}
      {failed && <ErrorBanner reason={explain(failed)} />}
      {query.error && !rows
        ? <Trouble error={query.error} onRetry={query.refetch} />
        : rows?.length === 0
          ? <EmptyState title={t('honeypots.none')}>{t('honeypots.noneBody')}</EmptyState>
          : <><Table rows={rows} columns={columns} id={row => row.id} label={t('honeypots.title')} onOpen={setLooked} old={query.isPlaceholderData} /><Pager {...pager} total={undefined} /></>}
      {looked && <AssetDialog projectId={project.id} asset={{ id: looked.assetId, name: looked.name }} onClose={() => setLooked(undefined)} />}
    </Card>
  );
}
