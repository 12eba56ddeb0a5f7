import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api, explain, type Project } from '../../api';
import { Badge, Button, Check, Confirm, Dialog, EmptyState, ErrorBanner, IconButton, layout, SearchField, SelectField, Skeleton, TextField } from '../../ui';
import { figure as shown, t, tn } from '../../words';
import { askedOf, consensusFigures, isFigure, newReview, rangeOf, type DraftStep } from './draftSteps';
import css from './StepList.module.css';

const maxSteps = 6;
const consensuses = Object.keys(consensusFigures) as DraftStep['consensus'][];
const policies = ['fixed', 'warmUp', 'adaptive'] as const;

interface StepListProps { readonly project: Project; readonly steps: readonly DraftStep[]; readonly showFaults: boolean; readonly onChange: (steps: readonly DraftStep[]) => void }

/** The steps in order; the labeling step stays the first. */
export function StepList({ project, steps, showFaults, onChange }: StepListProps) {
  const [removing, setRemoving] = useState<DraftStep | undefined>();
  const [choosing, setChoosing] = useState<string | undefined>();
  const change = (step: DraftStep, part: Partial<DraftStep>) => onChange(steps.map(one => one.key === step.key ? { ...one, ...part } : one));
  const move = (at: number, by: number) => {
    const moved = steps[at];
    if (moved) onChange(steps.toSpliced(at, 1).toSpliced(at + by, 0, moved));
  };
  const chosen = steps.find(step => step.key === choosing);
  return (
    <>
      <ol className={css.steps}>{steps.map((step, at) => (
        <li key={step.key} className={css.step} aria-label={t('workflow.step', { number: at + 1 })}>
          <div className={layout.row}>
            <Badge tone={step.kind === 'review' ? 'info' : 'neutral'}>{step.kind === 'review' ? t('workflow.review') : t('workflow.labeling')}</Badge>
            <span className={layout.grow} />
            {step.kind === 'review' && <>
              <IconButton icon={ArrowUp} label={t('workflow.up', { name: step.name })} aria-disabled={at <= 1} onClick={() => at > 1 && move(at, -1)} />
              <IconButton icon={ArrowDown} label={t('workflow.down', { name: step.name })} aria-disabled={at === steps.length - 1} onClick={() => at < steps.length - 1 && move(at, 1)} />
              <IconButton icon={Trash2} label={t('workflow.remove', { name: step.name })} onClick={() => step.id === null ? onChange(steps.filter(one => one.key !== step.key)) : setRemoving(step)} />
            </>}
          </div>
          <div className={css.fields}>
            <TextField label={t('workflow.name')} maxLength={100} value={step.name} error={showFaults && step.name.trim() === '' ? t('workflow.nameNeeded') : undefined} onChange={event => change(step, { name: event.target.value })} />
            <div className={css.people}>
              <SelectField label={t('workflow.people')} value={step.people ? 'named' : 'everyone'} error={showFaults && step.people?.length === 0 ? t('workflow.peopleNeeded') : undefined}
                onChange={event => {
                  const named = event.target.value === 'named';
                  change(step, { people: named ? [] : null });
                  if (named) setChoosing(step.key);
                }}>
                <option value="everyone">{t('workflow.everyone')}</option>
                <option value="named">{t('workflow.named')}</option>
              </SelectField>
              {step.people && <div><Button onClick={() => setChoosing(step.key)}>{step.people.length > 0 ? tn('workflow.namedCount', step.people.length) : t('workflow.choose')}</Button></div>}
            </div>
            {step.kind === 'review' && (
              <SelectField label={t('workflow.sampling')} value={step.policy} onChange={event => change(step, { policy: event.target.value as DraftStep['policy'] })}>
                {policies.map(policy => <option key={policy} value={policy}>{t(`workflow.kind.${policy}`)}</option>)}
              </SelectField>
            )}
            {step.kind === 'labeling' && (
              <SelectField label={t('workflow.consensus')} value={step.consensus} hint={step.consensus === 'none' ? undefined : t('workflow.consensusHint')} onChange={event => change(step, { consensus: event.target.value as DraftStep['consensus'] })}>
                {consensuses.map(one => <option key={one} value={one}>{t(`workflow.consensusKind.${one}`)}</option>)}
              </SelectField>
            )}
            {askedOf(step).map(figure => {
              const [min, max] = rangeOf(step, figure);
              return (
                <TextField key={figure} label={t(`workflow.${figure}`)} inputMode="decimal" value={step.figures[figure]} error={showFaults && !isFigure(step, figure) ? t('workflow.range', { min: shown(min), max: shown(max) }) : undefined}
                  onChange={event => change(step, { figures: { ...step.figures, [figure]: event.target.value } })} />
              );
            })}
          </div>
        </li>
      ))}</ol>
      {steps.length < maxSteps && <div><Button icon={Plus} onClick={() => onChange([...steps, newReview(t('workflow.newName', { number: steps.length }))])}>{t('workflow.add')}</Button></div>}
      {removing && (
        <Confirm title={t('workflow.removeTitle', { name: removing.name })} act={t('workflow.removeAct')} onClose={() => setRemoving(undefined)} onConfirm={() => {
          onChange(steps.filter(one => one.key !== removing.key));
          setRemoving(undefined);
        }}>{t('workflow.removeBody')}</Confirm>
      )}
      {chosen && <People project={project} step={chosen} onChange={people => change(chosen, { people })} onClose={() => setChoosing(undefined)} />}
    </>
  );
}

/** Chooses the people of a step among the members whose role allows it. */
function People({ project, step, onChange, onClose }: { readonly project: Project; readonly step: DraftStep; readonly onChange: (people: readonly string[]) => void; readonly onClose: () => void }) {
  const [search, setSearch] = useState('');
  const asked = search.trim();
  const { data, error } = useQuery({ queryKey: ['members', project.id, 'of-step', asked], queryFn: ({ signal }) => api.members.list(project.id, { limit: 200, search: asked || undefined }, signal) });
  const people = data?.items.filter(member => member.role !== null && (step.kind === 'labeling' || member.role !== 'labeler'));
  const chosen = new Set(step.people ?? []);
  return (
    <Dialog title={t('workflow.chooseOf', { name: step.name })} onClose={onClose} onSubmit={onClose} foot={<Button kind="primary" type="submit">{t('act.close')}</Button>}>
      <SearchField label={t('people.searchNames')} value={search} onChange={setSearch} />
      {error && <ErrorBanner reason={explain(error)} />}
      {!people && !error && [1, 2, 3].map(row => <Skeleton key={row} width="100%" height={24} />)}
      {people?.length === 0 && <EmptyState title={t('workflow.noMembers')} />}
      {people?.map(({ person }) => (
        <Check key={person.id} label={person.name} checked={chosen.has(person.id)} onChange={event => {
          const next = new Set(chosen);
          if (event.target.checked) next.add(person.id);
          else next.delete(person.id);
          onChange([...next]);
        }} />
      ))}
    </Dialog>
  );
}
