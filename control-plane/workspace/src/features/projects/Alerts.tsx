import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api';
import { Banner, buttonClass } from '../../ui';
import { t } from '../../words';

/** What needs a look by those who care for the storage: the newest import stopped. */
export function Alerts({ projectId }: { readonly projectId: string }) {
  const { data } = useQuery({ queryKey: ['imports', projectId, 'newest'], queryFn: ({ signal }) => api.imports.list(projectId, { limit: 1 }, signal) });
  const newest = data?.items[0];
  if (newest?.state !== 'failed') return null;
  return (
    <Banner tone="bad" title={t('imports.failedTitle')} action={<Link to="/projects/$projectId/imports" params={{ projectId }} className={buttonClass()}>{t('imports.look')}</Link>}>
      {newest.error?.detail}
    </Banner>
  );
}
