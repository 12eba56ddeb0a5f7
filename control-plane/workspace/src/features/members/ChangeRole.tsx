import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, fieldError, type Member, type ProjectRole } from '../../api';
import { Banner, Button, Cancel, Dialog, ErrorBanner, say, SelectField } from '../../ui';
import { t } from '../../words';
import { projectQuery } from '../projects/queries';
import { useAct } from '../useAct';
import { DateFields, sent, toField, type Dates } from './dates';

interface ChangeProps {
  readonly projectId: string;
  readonly member: Member;
  readonly offered: readonly ProjectRole[];
  /** The person changes their own role. */
  readonly own: boolean;
  readonly onClose: () => void;
  readonly onChanged: () => Promise<unknown>;
}

/** A dialog and not a list in the row: an arrow key on that would already be the change. */
export function ChangeRole({ projectId, member, offered, own, onClose, onChanged }: ChangeProps) {
  const client = useQueryClient();
  const before = member.own?.role ?? 'labeler';
  const [role, setRole] = useState<ProjectRole>(before);
  const [dates, setDates] = useState<Dates>({ from: toField(member.own?.validFrom), until: toField(member.own?.validUntil) });
  const [first] = useState(dates);
  const same = role === before && dates.from === first.from && dates.until === first.until;
  const change = useAct({
    mutationFn: () => api.members.change(projectId, member.person.id, { role, ...sent(dates) }),
    onSuccess: async () => {
      say(t('members.changed', { name: member.person.name, role: t(`role.${role}`) }));
      if (own) await client.invalidateQueries({ queryKey: projectQuery(projectId).queryKey });
      await onChanged();
      onClose();
    },
  });
  return (
    <Dialog title={t('members.changeOf', { name: member.person.name })} onClose={onClose} onSubmit={() => !same && change.run()}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={change.isPending} aria-disabled={same}>{t('members.changeAct')}</Button></>}>
      {change.error && <ErrorBanner reason={explain(change.error)} />}
      <SelectField label={t('field.role')} value={role} hint={t(`roleHint.${role}`)} error={fieldError(change.error, 'role')} onChange={event => setRole(event.target.value as ProjectRole)}>
        {offered.map(one => <option key={one} value={one}>{t(`role.${one}`)}</option>)}
      </SelectField>
      <DateFields value={dates} onChange={setDates} />
      {own && role !== before && <Banner tone="warn" title={t('members.ownRole')}>{t('members.ownRoleBody')}</Banner>}
    </Dialog>
  );
}
