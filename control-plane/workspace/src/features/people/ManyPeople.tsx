import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ListChecks, Play, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { api, explain, type JudgedLine, type JudgedList, type PeopleJobKind, type PeopleJobView } from '../../api';
import { Badge, Banner, Button, Card, Check, EmptyState, ErrorBanner, layout, say, Table, TextArea, When, type Column } from '../../ui';
import { figure, t, tn, tryText } from '../../words';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { save } from './save';

interface Content { readonly format: 'csv' | 'xlsx'; readonly content: string; readonly name: string | undefined }

const nothing: Content = { format: 'csv', content: '', name: undefined };
const most = 5_000_000;
const shownLines = 500;
const example = 'e-mail, name, project, role, team\nana@example.org, Ana Alba, Boats, labeler, Night shift';

/** What the codes of a line say, one after the other. */
const says = (codes: readonly string[]) => codes.map(code => tryText(`listCode.${code}`) ?? code).join(' ');

/** A cell that no spreadsheet takes for a formula. */
const cell = (text: string) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

/** Many people at once: a list is judged line by line first, then one job does it. */
export function ManyPeople() {
  const client = useQueryClient();
  const [kind, setKind] = useState<PeopleJobKind>('add');
  const [list, setList] = useState<Content>(nothing);
  const [judged, setJudged] = useState<JudgedList | undefined>();
  const [tooLarge, setTooLarge] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  useTitle(t('people.tabMany'));
  const change = (next: Content) => {
    setList(next);
    setJudged(undefined);
    setTooLarge(false);
  };
  const check = useAct({ mutationFn: () => api.people.check({ kind, format: list.format, content: list.content }), onSuccess: setJudged });
  const start = useAct({
    mutationFn: () => api.people.start({ kind, format: list.format, content: list.content }),
    onSuccess: async job => {
      say(tn('many.started', job.total));
      change(nothing);
      await client.invalidateQueries({ queryKey: ['people-jobs'] });
    },
  });
  const take = async (file: File) => {
    if (file.size > most) {
      change(nothing);
      setTooLarge(true);
    } else if (/\.xlsx$/i.test(file.name)) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      let text = '';
      for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
      change({ format: 'xlsx', content: btoa(text), name: file.name });
    } else {
      change({ format: 'csv', content: await file.text(), name: undefined });
    }
  };
  const failed = check.error ?? start.error;
  const kinds: readonly PeopleJobKind[] = ['add', 'remove'];
  return (
    <div className={layout.stack}>
      <Card pad title={t('many.title')}>
        <fieldset className={layout.row}>
          <legend className={layout.hidden}>{t('many.kind')}</legend>
          {kinds.map(one => <Check key={one} type="radio" name="kind" label={t(`listKind.${one}`)} checked={kind === one} onChange={() => {
            setKind(one);
            setJudged(undefined);
          }} />)}
        </fieldset>
        <p className={layout.muted}>{t(`listKindHint.${kind}`)}</p>
        {list.name
          ? <Banner title={list.name} action={<Button onClick={() => change(nothing)}>{t('many.otherList')}</Button>}>{t('many.fileReady')}</Banner>
          : <TextArea code label={t('many.list')} rows={8} placeholder={example} value={list.content} hint={t('many.listHint')} onChange={event => change({ format: 'csv', content: event.target.value, name: undefined })} />}
        {tooLarge && <Banner tone="bad" title={t('many.tooLarge')} />}
        {failed && <ErrorBanner reason={explain(failed)} />}
        <div className={layout.actions}>
          <Button icon={ListChecks} kind={judged ? 'plain' : 'primary'} busy={check.isPending} disabled={!list.content.trim()} onClick={() => check.run()}>{t('many.check')}</Button>
          <Button icon={Upload} onClick={() => picker.current?.click()}>{t('many.upload')}</Button>
          <input ref={picker} type="file" hidden accept=".csv,.tsv,.txt,.xlsx" aria-label={t('many.upload')} onChange={event => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file) void take(file);
          }} />
        </div>
      </Card>
      {judged && <Verdict judged={judged} busy={start.isPending} kind={kind} onStart={() => start.run()} />}
      <Jobs />
    </div>
  );
}

const tones = { changes: 'good', unchanged: 'neutral', refused: 'bad' } as const;

function Verdict({ judged, busy, kind, onStart }: { readonly judged: JudgedList; readonly busy: boolean; readonly kind: PeopleJobKind; readonly onStart: () => void }) {
  // What is wrong comes first: that is what somebody must look at.
  const lines = [...judged.lines].sort((a, b) => Number(b.outcome === 'refused') - Number(a.outcome === 'refused'));
  const columns: readonly Column<JudgedLine>[] = [
    { key: 'number', head: t('many.line'), number: true, cell: line => figure(line.number) },
    { key: 'outcome', head: t('many.verdict'), cell: line => <Badge tone={tones[line.outcome]}>{t(`lineOutcome.${line.outcome}`)}</Badge> },
    { key: 'why', head: t('many.what'), width: 260, cell: line => says(line.codes), title: line => says(line.codes) },
    { key: 'email', head: t('field.email'), width: 180, cell: line => line.email, title: line => line.email },
    { key: 'project', head: t('people.project'), cell: line => line.project },
    { key: 'role', head: t('field.role'), cell: line => line.role },
    { key: 'team', head: t('many.team'), cell: line => line.team },
  ];
  const file = () => save('verdict.csv', 'text/csv', [['line', 'verdict', 'codes', 'e-mail', 'name', 'project', 'role', 'team'],
    ...judged.lines.map(line => [String(line.number), line.outcome, line.codes.join(' '), line.email, line.name, line.project, line.role, line.team])].map(row => row.map(cell).join(',')).join('\r\n'));
  return (
    <Card>
      <div className={layout.bar}>
        <h2>{t('many.verdicts')}</h2>
        <span className={layout.grow} />
        <Button onClick={file}>{t('many.saveVerdicts')}</Button>
        <Button kind={kind === 'remove' ? 'danger' : 'primary'} icon={Play} busy={busy} disabled={judged.changes === 0} onClick={onStart}>{tn('many.do', judged.changes)}</Button>
      </div>
      <p className={layout.bar} role="status">{t('many.counts', { changes: judged.changes, unchanged: judged.unchanged, refused: judged.refused })}</p>
      <Table rows={lines.slice(0, shownLines)} columns={columns} id={line => String(line.number)} label={t('many.verdicts')} />
      {lines.length > shownLines && <p className={layout.bar}>{t('many.firstShown', { shown: shownLines, all: lines.length })}</p>}
    </Card>
  );
}

function Jobs() {
  const { data, error, refetch } = useQuery({
    queryKey: ['people-jobs'],
    queryFn: ({ signal }) => api.people.jobs(signal),
    refetchInterval: ({ state }) => state.data?.items.some(job => job.state === 'running') ? 1_000 : false,
  });
  const download = useAct({
    mutationFn: (job: PeopleJobView) => api.people.job(job.id),
    onSuccess: answer => save(`refused-${answer.job.id}.csv`, 'text/csv', [['line', 'reason'], ...answer.refused.map(line => [String(line.number), line.codes.join(' ')])].map(row => row.map(cell).join(',')).join('\r\n')),
  });
  const columns: readonly Column<PeopleJobView>[] = [
    { key: 'at', head: t('field.since'), cell: job => <When at={job.createdAt} /> },
    { key: 'kind', head: t('many.what'), cell: job => t(`listKind.${job.kind}`) },
    { key: 'by', head: t('many.by'), cell: job => job.by?.name ?? t('state.none') },
    { key: 'state', head: t('project.progress'), cell: job => job.state === 'done' ? <Badge tone="good">{t('many.done')}</Badge> : <progress max={job.total} value={job.worked} aria-label={t('project.progress')} /> },
    { key: 'changed', head: t('many.changed'), number: true, cell: job => figure(job.changed) },
    { key: 'unchanged', head: t('lineOutcome.unchanged'), number: true, cell: job => figure(job.unchanged) },
    { key: 'refused', head: t('lineOutcome.refused'), number: true, cell: job => figure(job.refused) },
    { key: 'controls', head: t('members.controls'), controls: true, cell: job => job.refused > 0 && job.state === 'done' && <Button onClick={() => download.run(job)}>{t('many.saveRefused')}</Button> },
  ];
  if (error && !data) return <Card><Trouble error={error} onRetry={refetch} /></Card>;
  return (
    <Card>
      <div className={layout.bar}><h2>{t('many.jobs')}</h2></div>
      {download.error && <ErrorBanner reason={explain(download.error)} />}
      {data?.items.length === 0 ? <EmptyState title={t('many.noJobs')} /> : <Table rows={data?.items} columns={columns} id={job => job.id} label={t('many.jobs')} />}
    </Card>
  );
}
