import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, isProblem, type Project, type QualityRules } from '../../api';
import { Button, Card, Check, ErrorBanner, layout, say, Skeleton, TextField } from '../../ui';
import { figure as shown, t } from '../../words';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import css from './Quality.module.css';
import { faults, ranges, toRules, typedOf, type RuleFigure, type Typed } from './rules';

/** What is measured and when it acts, for the project's admins. */
export function QualitySettings({ project }: { readonly project: Project }) {
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['quality-settings', project.id], queryFn: ({ signal }) => api.quality.settings(project.id, signal) });
  if (isPending) return <Card pad><Skeleton width={240} height={20} /><Skeleton width="100%" height={92} /></Card>;
  if (!data) return <Card><Trouble error={error} onRetry={refetch} /></Card>;
  return <Editing project={project} version={data.version} rules={data.rules} />;
}

const honeypots: readonly RuleFigure[] = ['honeypotShare', 'honeypotSpacing', 'honeypotMostGiven'];
const teeth: readonly RuleFigure[] = ['pauseThreshold', 'window', 'minimum'];
const drift: readonly RuleFigure[] = ['driftReference', 'driftSlack', 'driftLimit'];

function Editing({ project, version, rules }: { readonly project: Project; readonly version: number; readonly rules: QualityRules }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Typed | undefined>();
  const typed = draft ?? typedOf(rules);
  const wrong = faults(typed);
  const save = useAct({
    mutationFn: () => api.quality.change(project.id, version, toRules(typed)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['quality-settings', project.id] });
      await client.invalidateQueries({ queryKey: ['quality', project.id] });
      setDraft(undefined);
      say(t('workflow.settingSaved'));
    },
    onError: async error => {
      if (isProblem(error) && error.status === 409) await client.invalidateQueries({ queryKey: ['quality-settings', project.id] });
    },
  });
  const ready = draft !== undefined && wrong.size === 0;
  const field = (name: RuleFigure) => {
    const { min, max, optional } = ranges[name];
    return (
      <TextField key={name} label={t(`rules.${name}`)} hint={t(`rules.hint.${name}`)} optional={optional} inputMode="decimal" value={typed[name]}
        error={draft && wrong.has(name) ? t('workflow.range', { min: shown(min), max: shown(max) }) : undefined} onChange={event => setDraft({ ...typed, [name]: event.target.value })} />
    );
  };
  return (
    <Card pad title={t('rules.title')}>
      <p className={layout.muted}>{t('rules.lead')}</p>
      {save.error && <ErrorBanner reason={explain(save.error)} />}
      <h3>{t('quality.honeypots')}</h3>
      <div className={css.fields}>{honeypots.map(field)}</div>
      <h3>{t('rules.teeth')}</h3>
      <div className={css.fields}>{teeth.map(field)}</div>
      <Check label={t('rules.consensusBlocksDone')} hint={t('rules.hint.consensusBlocksDone')} checked={typed.consensusBlocksDone} onChange={event => setDraft({ ...typed, consensusBlocksDone: event.target.checked })} />
      <h3>{t('rules.drift')}</h3>
      <div className={css.fields}>{drift.map(field)}</div>
      <div className={layout.actions}>
        <Button kind={ready ? 'primary' : 'plain'} busy={save.isPending} aria-disabled={!ready} onClick={() => ready && save.run()}>{t('rules.save')}</Button>
        {draft && <Button onClick={() => { save.reset(); setDraft(undefined); }}>{t('act.discard')}</Button>}
      </div>
    </Card>
  );
}
