import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api, explain } from '../../api';
import { Button, Check, ErrorBanner, layout, Skeleton } from '../../ui';
import { t } from '../../words';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { GuidelineDiff } from './GuidelineDiff';
import css from './Guidelines.module.css';
import { guidelineQuery, guidelinesQuery } from './guidelinesQuery';
import { GuidelineText } from './GuidelineText';

interface ReadProps {
  readonly projectId: string;
  /** They have said it: work goes on. */
  readonly onRead: () => void;
  readonly back: ReactNode;
}

/** A version that must be read before the next task: its text, what changed, and the word of the person that they have read it. */
export function ReadGuidelines({ projectId, onRead, back }: ReadProps) {
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({ ...guidelinesQuery(projectId), staleTime: 0 });
  const ontology = useQuery({ queryKey: ['ontology', projectId], queryFn: ({ signal }) => api.ontologies.read(projectId, signal) });
  const [changes, setChanges] = useState(false);
  const current = data?.inForce ?? undefined;
  const before = useQuery({ ...guidelineQuery(projectId, (current?.version ?? 1) - 1), enabled: changes && (current?.version ?? 1) > 1 });
  useTitle(t('guide.readTitle'));
  const read = useAct({
    mutationFn: () => api.guidelines.acknowledge(projectId, current?.version ?? 0),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: guidelinesQuery(projectId).queryKey });
      onRead();
    },
    // Another version came meanwhile: it is shown, and is the one to be read.
    onError: () => void refetch(),
  });
  if (isPending) return <main className={css.read} aria-busy="true"><Skeleton width={320} height={24} />{[1, 2, 3, 4].map(row => <Skeleton key={row} width="100%" height={20} />)}</main>;
  if (!current) return <main><Trouble error={error} onRetry={refetch} /></main>;
  const tools = ontology.data?.document.tools ?? [];
  return (
    <main className={css.read}>
      <h1>{t('guide.readTitle')}</h1>
      <p className={layout.muted}>{t('guide.readLead', { version: current.version, reason: current.reason })}</p>
      {current.version > 1 && <Check label={t('guide.onlyChanges', { version: current.version - 1 })} checked={changes} onChange={event => setChanges(event.target.checked)} />}
      <article className={css.paper}>
        {changes && before.error && <ErrorBanner reason={explain(before.error)} />}
        {changes && before.data
          ? <GuidelineDiff before={before.data} after={current} nameOf={id => tools.find(tool => tool.id === id)?.name ?? id} />
          : <GuidelineText projectId={projectId} guideline={current} tools={tools} />}
      </article>
      <div className={css.foot}>
        {read.error && <ErrorBanner reason={explain(read.error)} />}
        <span className={layout.grow} />
        {back}
        <Button kind="primary" busy={read.isPending} onClick={() => read.run()}>{t('guide.iHaveRead', { version: current.version })}</Button>
      </div>
    </main>
  );
}
