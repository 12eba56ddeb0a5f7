import { explain, isProblem, type TaskView } from '../../../api';
import { findingsOf, reveal, type Finding, type Workspace } from '../../../engine';
import { Banner, Button, ErrorBanner } from '../../../ui';
import { t, tn, when } from '../../../words';
import { isGone } from '../../task-queue/leaseKeeper';
import { findingKey, findingText, goToFinding } from '../findings';
import type { TaskSession } from '../taskSession';
import { pickDocument, useWorkspace } from '../useWorkspace';
import css from './panel.module.css';

interface NoticesProps {
  readonly session: TaskSession;
  readonly task: TaskView;
  readonly refusal: unknown;
  readonly checks: boolean;
  readonly draft: TaskSession['drafts']['state'];
  readonly lease: TaskSession['lease']['state'];
  readonly onNext: () => void;
  readonly onReload: () => void;
}

/** What the person has to know now: what happened, what is safe, what to do. */
export function Notices({ session, task, refusal, checks, draft, lease, onNext, onReload }: NoticesProps) {
  const { workspace } = session;
  const document = useWorkspace(workspace, pickDocument);
  const findings = checks ? findingsOf(document, workspace.ontology, workspace.size) : [];
  const violations = isProblem(refusal, 'label.invalid') ? refusal.violations : [];
  const unsent = isProblem(refusal) && refusal.offline;
  const shown = [
    lease.kind === 'taken' && <Banner key="taken" tone="bad" title={t('lease.taken')} action={<Button onClick={onNext}>{t('lease.next')}</Button>}>{t('lease.takenSafe')}</Banner>,
    lease.kind === 'finished' && <Banner key="finished" tone="bad" title={t('lease.finished')} action={<Button onClick={onNext}>{t('lease.next')}</Button>}>{t('lease.finishedSafe')}</Banner>,
    lease.kind === 'lapsed' && <Banner key="lapsed" tone="warn" title={t('lease.lapsed')} action={<Button onClick={() => void session.lease.keep()}>{t('lease.renew')}</Button>}>{t('lease.lapsedSafe')}</Banner>,
    lease.kind === 'ending' && <Banner key="ending" tone="warn" title={t('lease.ending')} action={<Button onClick={() => void session.lease.keep()}>{t('lease.renew')}</Button>}>{t('lease.endingSafe')}</Banner>,
    draft.kind === 'offline' && <Banner key="offline" tone="warn" title={t('draft.offline')} action={<Button onClick={() => session.drafts.tryNow()}>{t('act.tryAgain')}</Button>}>{t('draft.offlineSafe')}</Banner>,
    draft.kind === 'stale' && <Banner key="stale" tone="warn" title={t('draft.stale')} action={<Button onClick={onReload}>{t('draft.load')}</Button>}>{t('draft.staleSafe')}</Banner>,
    draft.kind === 'refused' && <ErrorBanner key="refused" reason={explain(draft.error)} />,
    unsent && <Banner key="unsent" tone="warn" title={t('work.notSent')}>{t('work.notSentSafe')}</Banner>,
    refusal !== undefined && !unsent && !isGone(lease.kind) && <div key="refusal" className={css.stack}>
      <ErrorBanner reason={explain(refusal)} />
      {violations.length > 0 && <ul className={css.findings}>{violations.map(one => (
        <li key={one.path + one.code}>{one.objectId ? <button type="button" className={css.link} onClick={() => one.objectId && reveal(workspace, one.objectId)}>{one.message}</button> : one.message}</li>
      ))}</ul>}
    </div>,
    findings.length > 0 && <Missing key="missing" findings={findings} workspace={workspace} />,
    task.sentBack && <Banner key="back" tone="warn" title={t('work.sentBack', { name: task.sentBack.by?.name ?? t('work.someone'), when: when(task.sentBack.at) })}>
      {task.sentBack.reason}{task.sentBack.score !== null && ` ${t('work.sentBackScore', { score: t('review.scoreOf', { score: task.sentBack.score }) })}`}
    </Banner>,
  ].filter(Boolean);
  return shown.length > 0 ? <div className={css.notices}>{shown}</div> : null;
}

/** So many are listed; the rest is a number, and each that is mended makes room. */
const mostListed = 8;

function Missing({ findings, workspace }: { readonly findings: readonly Finding[]; readonly workspace: Workspace }) {
  const { document } = workspace.state;
  return (
    <div className={css.stack}>
      <Banner tone="warn" title={tn('check.title', findings.length)}>{t('check.safe')}</Banner>
      <ul className={css.findings}>{findings.slice(0, mostListed).map(one => (
        <li key={findingKey(one)}><button type="button" className={css.link} onClick={() => goToFinding(one, workspace)}>{findingText(one, workspace.ontology, document)}</button></li>
      ))}</ul>
      {findings.length > mostListed && <p className={css.note}>{tn('check.more', findings.length - mostListed)}</p>}
    </div>
  );
}
