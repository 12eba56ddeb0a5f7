import { useQueryClient } from '@tanstack/react-query';
import { api, explain, type Project } from '../../api';
import { Card, Check, ErrorBanner, say } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { projectQuery } from './queries';

/** Whether an open issue keeps its asset from being approved. */
export function IssuesBlock({ project }: { readonly project: Project }) {
  const client = useQueryClient();
  const change = useAct({
    mutationFn: (on: boolean) => api.threads.block(project.id, on),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey });
      say(t('issuesBlock.saved'));
    },
  });
  return (
    <Card pad title={t('issuesBlock.title')}>
      {change.error && <ErrorBanner reason={explain(change.error)} />}
      <Check label={t('issuesBlock.on')} hint={t('issuesBlock.hint')} checked={change.isPending ? change.variables ?? false : project.issuesBlock} onChange={event => change.run(event.target.checked)} />
    </Card>
  );
}
