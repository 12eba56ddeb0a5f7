import { useQuery } from '@tanstack/react-query';
import { BookOpenCheck, BookX } from 'lucide-react';
import { api, explain } from '../../api';
import { Badge, Card, ErrorBanner, layout, Skeleton } from '../../ui';
import { t } from '../../words';
import css from './Guidelines.module.css';

/** Who has read what, for those who manage people. */
export function Readings({ projectId, version }: { readonly projectId: string; readonly version: number }) {
  const { data, error, isPending } = useQuery({ queryKey: ['guideline-readings', projectId, version], queryFn: ({ signal }) => api.guidelines.readings(projectId, signal) });
  if (data && data.mustRead === null) return null;
  return (
    <Card title={t('guide.readings')}>
      {error && <ErrorBanner reason={explain(error)} />}
      {isPending && <div className={layout.pad}>{[1, 2, 3].map(row => <Skeleton key={row} width="100%" height={20} />)}</div>}
      <ul className={css.history}>{(data?.items ?? []).map(row => {
        const done = row.version !== null && data?.mustRead !== null && data?.mustRead !== undefined && row.version >= data.mustRead;
        return (
          <li key={row.person.id} className={css.version}>
            <strong>{row.person.name}</strong>
            <span><Badge tone={done ? 'good' : 'warn'} icon={done ? BookOpenCheck : BookX}>{row.version === null ? t('guide.hasReadNone') : t('guide.hasRead', { version: row.version })}</Badge></span>
          </li>
        );
      })}</ul>
    </Card>
  );
}
