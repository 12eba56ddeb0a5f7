import { useNavigate, useSearch } from '@tanstack/react-router';
import { MessagesSquare } from 'lucide-react';
import { useState } from 'react';
import { api, explain, type ThreadFilter } from '../../api';
import { Button, Card, Check, CompactSelect, EmptyState, ErrorBanner, layout, Pager, SearchField, Skeleton } from '../../ui';
import { t } from '../../words';
import { AssetDialog } from '../assets/AssetDialog';
import { useProject } from '../projects/ProjectFrame';
import { may } from '../projects/queries';
import { Trouble } from '../Trouble';
import { usePages } from '../usePages';
import { useSearchText } from '../useSearchText';
import { useTitle } from '../useTitle';
import { ThreadLine } from './ThreadLine';
import { ThreadView } from './ThreadView';
import css from './Threads.module.css';

const size = 50;
const kinds = ['issue', 'question'] as const;
const statuses = ['open', 'solved', 'cancelled'] as const;
const whose = ['assignedToMe', 'openedByMe', 'mine'] as const;

/** Issues and questions of the project that exist for the person; filters and the open thread stand in the address. */
export function IssuesPage() {
  const project = useProject();
  const navigate = useNavigate();
  const search = useSearch({ from: '/signed-in/frame/projects/$projectId/issues' });
  const { thread: open, ...filter } = search;
  const [looked, setLooked] = useState<{ readonly id: string; readonly name: string }>();
  const go = (next: Partial<ThreadFilter> & { thread?: string | undefined }) => {
    const set = Object.fromEntries(Object.entries({ ...search, ...next }).filter(([, value]) => value !== undefined && value !== ''));
    void navigate({ to: '/projects/$projectId/issues', params: { projectId: project.id }, search: set, replace: true });
  };
  const words = useSearchText(filter.search, text => go({ search: text, thread: undefined }));
  const { query, rows, pager } = usePages(['threads', project.id, filter], (paging, signal) => api.threads.list(project.id, { ...filter, ...paging }, signal), { size, again: () => 60_000 });
  useTitle(t('tab.issues'), project.name);
  if (query.error && !rows) return <Card><Trouble error={query.error} onRetry={query.refetch} /></Card>;
  const filtered = Object.keys(filter).length > 0;
  return (
    <Card>
      <div className={layout.bar}>
        <SearchField label={t('thread.search')} value={words.text} onChange={words.setText} />
        <CompactSelect label={t('thread.kindLabel')} value={filter.kind ?? ''} onChange={event => go({ kind: (event.target.value || undefined) as ThreadFilter['kind'], thread: undefined })}>
          <option value="">{t('thread.everyKind')}</option>{kinds.map(one => <option key={one} value={one}>{t(`thread.kinds.${one}`)}</option>)}
        </CompactSelect>
        <CompactSelect label={t('thread.statusLabel')} value={filter.status ?? ''} onChange={event => go({ status: (event.target.value || undefined) as ThreadFilter['status'], thread: undefined })}>
          <option value="">{t('thread.everyStatus')}</option>{statuses.map(one => <option key={one} value={one}>{t(`thread.status.${one}`)}</option>)}
        </CompactSelect>
        <CompactSelect label={t('thread.whoseLabel')} value={filter.whose ?? ''} onChange={event => go({ whose: (event.target.value || undefined) as ThreadFilter['whose'], thread: undefined })}>
          <option value="">{t('thread.everybodys')}</option>{whose.map(one => <option key={one} value={one}>{t(`thread.whose.${one}`)}</option>)}
        </CompactSelect>
        <Check label={t('thread.onlyUnread')} checked={filter.unread ?? false} onChange={event => go({ unread: event.target.checked || undefined, thread: undefined })} />
      </div>
      {query.error && <ErrorBanner reason={explain(query.error)} />}
      {/* The open one stays though it no longer matches: it is read by being looked at, and what was typed there is not to go with it. */}
      {rows?.length === 0 && !open
        ? filtered
          ? <EmptyState title={t('state.noMatch')} action={<Button onClick={() => void navigate({ to: '/projects/$projectId/issues', params: { projectId: project.id }, search: {}, replace: true })}>{t('act.clearFilter')}</Button>} />
          : <EmptyState icon={MessagesSquare} title={t('thread.none')}>{t('thread.noneBody')}</EmptyState>
        : (
          <div className={css.split}>
            {rows
              ? <ul className={css.list}>{rows.map(one => <ThreadLine key={one.id} thread={one} named current={one.id === open} onOpen={() => go({ thread: one.id })} />)}</ul>
              : <div>{[1, 2, 3].map(row => <Skeleton key={row} width="100%" height={60} />)}</div>}
            <div>{open
              ? <ThreadView key={open} projectId={project.id} threadId={open} more={thread => may(project, 'assets.explore') && <Button onClick={() => setLooked({ id: thread.assetId, name: thread.asset })}>{t('thread.showAsset')}</Button>} />
              : <p className={layout.muted}>{t('thread.choose')}</p>}</div>
          </div>
        )}
      <Pager {...pager} total={undefined} />
      {looked && <AssetDialog projectId={project.id} asset={looked} onClose={() => setLooked(undefined)} />}
    </Card>
  );
}
