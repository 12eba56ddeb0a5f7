import { useQuery } from '@tanstack/react-query';
import { useState, type CSSProperties } from 'react';
import { api, explain, type QualityFigures } from '../../api';
import { Badge, Button, Card, Dialog, EmptyState, ErrorBanner, layout, say, Skeleton, Table, type Column } from '../../ui';
import { figure, t, when } from '../../words';
import { AssetDialog } from '../assets/AssetDialog';
import { useProject } from '../projects/ProjectFrame';
import { may } from '../projects/queries';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { estimateText, percent } from './figures';
import { Honeypots } from './Honeypots';
import css from './Quality.module.css';
import { QualitySettings } from './QualitySettings';

type PersonRow = QualityFigures['people'][number];
type Cell = QualityFigures['matrix'][number];

/** What was measured of labels and people, for those who manage the project. */
export function QualityPage() {
  const project = useProject();
  useTitle(t('tab.quality'), project.name);
  const { data, error, refetch } = useQuery({ queryKey: ['quality', project.id], queryFn: ({ signal }) => api.quality.read(project.id, signal), refetchInterval: 15_000 });
  if (error && !data) return <Card><Trouble error={error} onRetry={refetch} /></Card>;
  return (
    <div className={layout.stack}>
      {!data && <Card pad><Skeleton width={240} height={20} /><Skeleton width="100%" height={104} /></Card>}
      {data && (
        <>
          <div className={layout.two}>
            <Card pad title={t('quality.consensus')}>
              <Histogram bins={data.consensus.histogram} label={t('quality.consensusBins')} />
              <p className={css.figures}>
                <span>{t('quality.agreement')} <b>{estimateText(data.consensus.agreement)}</b></span>
                <span>{t('quality.gathering')} <b>{figure(data.consensus.gathering)}</b></span>
                <span>{t('quality.settled')} <b>{figure(data.consensus.settled)}</b></span>
                <span>{t('quality.escalated')} <b>{figure(data.consensus.escalated)}</b></span>
                {data.consensus.blocked > 0 && <span>{t('quality.blocked')} <b>{figure(data.consensus.blocked)}</b></span>}
              </p>
            </Card>
            <Card pad title={t('quality.honeypots')}>
              <Histogram bins={data.honeypots.histogram} label={t('quality.honeypotBins')} />
              <p className={css.figures}>
                <span>{t('quality.score')} <b>{estimateText(data.honeypots.score)}</b></span>
                <span>{t('quality.active')} <b>{figure(data.honeypots.active)}</b></span>
                <span>{t('quality.retired')} <b>{figure(data.honeypots.retired)}</b></span>
              </p>
            </Card>
          </div>
          <People figures={data} onDone={() => void refetch()} />
          <Matrix cells={data.matrix} minimum={data.minimum} />
          <p className={layout.muted}>{t('quality.foot', { minimum: data.minimum, person: figure(data.mostOfPerson), rows: figure(data.mostRows) })}</p>
        </>
      )}
      <Honeypots project={project} />
      {may(project, 'quality.manage') && <QualitySettings project={project} />}
    </div>
  );
}

/** How often each tenth of the scale was reached. */
function Histogram({ bins, label }: { readonly bins: readonly number[]; readonly label: string }) {
  const most = Math.max(1, ...bins);
  return (
    <div role="img" aria-label={`${label}: ${bins.map((count, at) => `${at * 10}–${(at + 1) * 10} %: ${count}`).join('; ')}`}>
      <div className={css.bars} aria-hidden>{bins.map((count, at) => <span key={at} className={css.bar} title={`${at * 10}–${(at + 1) * 10} %: ${figure(count)}`}><i style={{ height: `${(count / most) * 100}%` }} /></span>)}</div>
      <div className={css.axis} aria-hidden><span>{percent(0)}</span><span>{percent(0.5)}</span><span>{percent(1)}</span></div>
    </div>
  );
}

function People({ figures, onDone }: { readonly figures: QualityFigures; readonly onDone: () => void }) {
  const project = useProject();
  const lift = useAct({ mutationFn: (person: string) => api.quality.lift(project.id, person), onSuccess: () => { say(t('quality.lifted')); onDone(); } });
  const note = useAct({ mutationFn: (person: string) => api.quality.noteDrift(project.id, person), onSuccess: () => { say(t('quality.driftNoted')); onDone(); } });
  const steers = may(project, 'queue.manage');
  const columns: readonly Column<PersonRow>[] = [
    { key: 'person', head: t('quality.person'), width: 140, cell: row => row.person.name, title: row => row.person.name },
    { key: 'consensus', head: t('quality.consensus'), cell: row => <span className={css.wide}>{estimateText(row.consensus)}</span> },
    { key: 'honeypots', head: t('quality.honeypots'), cell: row => <span className={css.wide}>{estimateText(row.honeypots)}</span> },
    { key: 'last', head: t('quality.lastHoneypots'), cell: row => <span className={css.wide}>{estimateText(row.lastHoneypots)}</span>, spare: true },
    { key: 'score', head: t('quality.reviewScore'), cell: row => <span className={css.wide}>{estimateText(row.reviewScore, value => figure(value, 2))}</span> },
    { key: 'corrected', head: t('quality.corrected'), cell: row => <span className={css.wide}>{estimateText(row.correctionRate)}</span> },
    { key: 'kept', head: t('quality.kept'), cell: row => <span className={css.wide}>{estimateText(row.reviewAgreement)}</span>, spare: true },
    { key: 'state', head: t('quality.state'), controls: true, cell: row => (
      <span className={layout.row}>
        {row.paused && <>
          <Badge tone="bad" title={t('quality.pausedWhy', { n: row.paused.n, score: percent(row.paused.score), upper: percent(row.paused.upper), threshold: percent(row.paused.threshold), when: when(row.paused.since) })}>{t('quality.paused')}</Badge>
          {steers && <Button busy={lift.isPending && lift.variables === row.person.id} onClick={() => lift.run(row.person.id)}>{t('quality.lift')}</Button>}
        </>}
        {row.drift && <>
          <Badge tone="warn" title={t('quality.driftWhy', { n: row.drift.n, sum: figure(row.drift.sum, 2), when: when(row.drift.since) })}>{t('quality.drifting')}</Badge>
          {steers && <Button busy={note.isPending && note.variables === row.person.id} onClick={() => note.run(row.person.id)}>{t('quality.noteDrift')}</Button>}
        </>}
      </span>
    ) },
  ];
  const failed = lift.error ?? note.error;
  return (
    <Card>
      <div className={layout.bar}><h2>{t('quality.people')}</h2></div>
      {failed && <ErrorBanner reason={explain(failed)} />}
      {figures.people.length === 0
        ? <EmptyState title={t('quality.noPeople')}>{t('quality.noPeopleBody')}</EmptyState>
        : <Table rows={figures.people} columns={columns} id={row => row.person.id} label={t('quality.people')} />}
    </Card>
  );
}

/** People × people; a cell leads to the assets behind it. */
function Matrix({ cells, minimum }: { readonly cells: readonly Cell[]; readonly minimum: number }) {
  const [opened, setOpened] = useState<Cell | undefined>();
  const people = [...new Map(cells.flatMap(cell => [cell.one, cell.other]).map(person => [person.id, person])).values()].sort((a, b) => a.name.localeCompare(b.name));
  const of = (one: string, other: string) => cells.find(cell => (cell.one.id === one && cell.other.id === other) || (cell.one.id === other && cell.other.id === one));
  return (
    <Card>
      <div className={layout.bar}><h2>{t('quality.matrix')}</h2></div>
      {people.length === 0 ? <EmptyState title={t('quality.noMatrix')}>{t('quality.noMatrixBody')}</EmptyState> : (
        <div className={`${layout.bar} ${css.scroll}`}>
          <table className={css.matrix} aria-label={t('quality.matrix')}>
            <thead><tr><td />{people.map(person => <th key={person.id} scope="col" title={person.name}>{person.name}</th>)}</tr></thead>
            <tbody>{people.map(one => (
              <tr key={one.id}>
                <th scope="row" title={one.name}>{one.name}</th>
                {people.map(other => {
                  const cell = one.id === other.id ? undefined : of(one.id, other.id);
                  if (!cell) return <td key={other.id} className={css.none}>{t('state.none')}</td>;
                  const text = cell.agreement === null ? t('quality.tooFew', { n: cell.assets }) : percent(cell.agreement);
                  return (
                    <td key={other.id}>
                      <button type="button" style={{ '--share': `${Math.round((cell.agreement ?? 0) * 100)}%` } as CSSProperties} title={t('quality.cellOf', { one: one.name, other: other.name, count: cell.assets, minimum })} onClick={() => setOpened(cell)}>{text}</button>
                    </td>
                  );
                })}
              </tr>
            ))}</tbody>
          </table>
        </div>
      )}
      {opened && <Pairs cell={opened} onClose={() => setOpened(undefined)} />}
    </Card>
  );
}

function Pairs({ cell, onClose }: { readonly cell: Cell; readonly onClose: () => void }) {
  const project = useProject();
  const [looked, setLooked] = useState<{ id: string; name: string } | undefined>();
  const { data, error, refetch } = useQuery({ queryKey: ['quality', project.id, 'pairs', cell.one.id, cell.other.id], queryFn: ({ signal }) => api.quality.pairs(project.id, cell.one.id, cell.other.id, signal) });
  const columns: readonly Column<NonNullable<typeof data>['items'][number]>[] = [
    { key: 'name', head: t('assets.name'), width: 240, cell: row => row.name, title: row => row.name },
    { key: 'agreement', head: t('quality.agreement'), number: true, cell: row => row.agreement === null ? t('state.none') : percent(row.agreement) },
  ];
  return (
    <Dialog wide title={t('quality.pairsOf', { one: cell.one.name, other: cell.other.name })} onClose={onClose}>
      {error && !data ? <Trouble error={error} onRetry={refetch} /> : <Table rows={data?.items} columns={columns} id={row => row.assetId} label={t('quality.pairsOf', { one: cell.one.name, other: cell.other.name })} onOpen={row => setLooked({ id: row.assetId, name: row.name })} />}
      {looked && <AssetDialog projectId={project.id} asset={looked} onClose={() => setLooked(undefined)} />}
    </Dialog>
  );
}
