import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, fieldError, type PersonRef, type ProjectRole } from '../../api';
import { Button, Cancel, Check, Dialog, ErrorBanner, layout, say, SelectField, TextField } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { DateFields, sent, unlimited } from './dates';
import css from './AddMember.module.css';

interface AddProps {
  readonly projectId: string;
  readonly offered: readonly ProjectRole[];
  readonly onClose: () => void;
  readonly onAdded: () => Promise<unknown>;
}

const shown = 20;

export function AddMember({ projectId, offered, onClose, onAdded }: AddProps) {
  const [search, setSearch] = useState('');
  const [person, setPerson] = useState<PersonRef | undefined>();
  const [role, setRole] = useState<ProjectRole>('labeler');
  const [dates, setDates] = useState(unlimited);
  const [asked, setAsked] = useState(false);
  const found = useQuery({
    queryKey: ['candidates', projectId, search.trim()],
    queryFn: ({ signal }) => api.members.candidates(projectId, { limit: shown, search: search.trim() }, signal),
    placeholderData: keepPreviousData,
  });
  const add = useAct({
    mutationFn: (chosen: PersonRef) => api.members.add(projectId, { personId: chosen.id, role, ...sent(dates) }),
    onSuccess: async (_, chosen) => {
      await onAdded();
      say(t('members.added', { name: chosen.name }));
      onClose();
    },
  });
  const people = found.data?.items ?? [];
  const offer = person && !people.some(one => one.id === person.id) ? [person, ...people] : people;
  return (
    <Dialog title={t('members.add')} onClose={onClose} loses={person && t('form.loses')}
      onSubmit={() => {
        setAsked(true);
        if (person) add.run(person);
      }}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={add.isPending}>{t('members.add')}</Button></>}>
      {add.error && <ErrorBanner reason={explain(add.error)} />}
      {found.error && <ErrorBanner reason={explain(found.error)} />}
      <TextField label={t('members.person')} type="search" autoComplete="off" maxLength={200} placeholder={t('people.searchNames')} value={search}
        error={asked && !person ? t('members.choose') : fieldError(add.error, 'personId')} onChange={event => setSearch(event.target.value)} />
      <fieldset className={css.people} aria-label={t('members.choose')}>
        {offer.map(one => <Check key={one.id} type="radio" name="person" label={one.name} checked={person?.id === one.id} onChange={() => setPerson(one)} />)}
        {found.data && offer.length === 0 && <p className={layout.muted}>{search.trim() ? t('members.nobody', { search }) : t('members.everyoneIsIn')}</p>}
        {found.data?.more && <p className={layout.muted}>{t('members.more', { shown })}</p>}
      </fieldset>
      <SelectField label={t('field.role')} value={role} hint={t(`roleHint.${role}`)} error={fieldError(add.error, 'role')} onChange={event => setRole(event.target.value as ProjectRole)}>
        {offered.map(one => <option key={one} value={one}>{t(`role.${one}`)}</option>)}
      </SelectField>
      <DateFields value={dates} onChange={setDates} />
    </Dialog>
  );
}
