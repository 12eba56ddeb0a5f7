import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { explain } from '../../api';
import type { Workspace } from '../../engine';
import { pickDrawing, useWorkspace } from '../annotate/useWorkspace';
import { ErrorBanner, IconButton, layout, Skeleton } from '../../ui';
import { t } from '../../words';
import css from './Guidelines.module.css';
import { guidelinesQuery } from './guidelinesQuery';
import { GuidelineText } from './GuidelineText';
import { Markdown } from './Markdown';

interface BesideProps {
  readonly projectId: string;
  readonly workspace: Workspace;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The guidelines beside the task: the section of the class in hand as soon as it is chosen, all of them when they are asked for. */
export function GuidelineBeside({ projectId, workspace, open, onClose }: BesideProps) {
  const drawing = useWorkspace(workspace, pickDrawing);
  const { data, error, isPending } = useQuery(guidelinesQuery(projectId));
  const current = data?.inForce ?? undefined;
  const section = drawing && current?.sections[drawing.id];
  if (!open) return section ? <section className={css.hint} aria-label={t('guide.section', { name: drawing.name })}><h2>{t('guide.section', { name: drawing.name })}</h2><Markdown projectId={projectId} text={section} /></section> : null;
  return (
    <section className={css.beside} aria-label={t('tab.guidelines')}>
      <header><h2>{current ? t('guide.versionLong', { version: current.version }) : t('tab.guidelines')}</h2><IconButton icon={X} label={t('act.close')} keys="G" side="end" onClick={onClose} /></header>
      {error && <ErrorBanner reason={explain(error)} />}
      {isPending && <Skeleton width="100%" height={60} />}
      {data && !current && <p className={layout.muted}>{t('guide.noneReader')}</p>}
      {section && <section className={css.section}><h3>{drawing.name}</h3><Markdown projectId={projectId} text={section} /></section>}
      {current && <GuidelineText projectId={projectId} guideline={section && drawing ? { text: current.text, sections: Object.fromEntries(Object.entries(current.sections).filter(([id]) => id !== drawing.id)) } : current} tools={workspace.ontology.tools} />}
    </section>
  );
}
