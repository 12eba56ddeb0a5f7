import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ArchiveRestore } from 'lucide-react';
import { api, explain } from '../../api';
import { Button, Card, ErrorBanner, layout, say, When } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';

/** Deleted projects that the person may still restore; nothing when there are none. */
export function DeletedProjects() {
  const client = useQueryClient();
  const { data } = useQuery({ queryKey: ['deleted-projects'], queryFn: ({ signal }) => api.projects.deleted(signal) });
  const restore = useAct({
    mutationFn: (project: { id: string; name: string }) => api.projects.restore(project.id),
    onSuccess: async (_, project) => {
      say(t('settings.restored', { name: project.name }));
      await client.invalidateQueries({ queryKey: ['deleted-projects'] });
      await client.invalidateQueries({ queryKey: ['projects'] });
    },
  });
  if (!data || data.items.length === 0) return null;
  return (
    <Card pad title={t('deletedProjects.title')}>
      {restore.error && <ErrorBanner reason={explain(restore.error)} />}
      <ul className={layout.stack}>{data.items.map(project => (
        <li key={project.id} className={layout.row}>
          <strong>{project.name}</strong>
          <span className={layout.muted}>{t('deletedProjects.until')} <When at={project.restorableUntil} /></span>
          <span className={layout.grow} />
          <Button icon={ArchiveRestore} aria-label={t('deletedProjects.restoreOf', { name: project.name })} busy={restore.isPending && restore.variables?.id === project.id} onClick={() => restore.run(project)}>{t('settings.restore')}</Button>
        </li>
      ))}</ul>
    </Card>
  );
}
