import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, fieldError, type Member, type ProjectRole } from '../../api';
import { Banner, Button, Cancel, Dialog, ErrorBanner, say, SelectField } from '../../ui';
import { t } from '../../words';
import { projectQuery } from '../projects/queries';
import { useAct } from '../useAct';

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
  const [role, setRole] = useState(member.role);
  const change = useAct({
    mutationFn: () => api.members.change(projectId, member.person.id, role),
    onSuccess: async () => {
      say(t('members.changed', { name: member.person.name, role: t(`role.${role}`) }));
      if (own) await client.invalidateQueries({ queryKey: projectQuery(projectId).queryKey });
      await onChanged();
      onClose();
    },
  });
  return (
    <Dialog title={t('members.changeOf', { name: member.person.name })} onClose={onClose} onSubmit={() => role !== member.role && change.run()}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={change.isPending} aria-disabled={role === member.role}>{t('members.changeAct')}</Button></>}>
      {change.error && <ErrorBanner reason={explain(change.error)} />}
      <SelectField label={t('field.role')} value={role} hint={t(`roleHint.${role}`)} error={fieldError(change.error, 'role')} onChange={event => setRole(event.target.value as ProjectRole)}>
        {offered.map(one => <option key={one} value={one}>{t(`role.${one}`)}</option>)}
      </SelectField>
      {own && role !== member.role && <Banner tone="warn" title={t('members.ownRole')}>{t('members.ownRoleBody')}</Banner>}
    </Dialog>
  );
}
