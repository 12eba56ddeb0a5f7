import { useQueryClient } from '@tanstack/react-query';
import { Building2 } from 'lucide-react';
import { useState } from 'react';
import { explain, type SessionView } from '../../api';
import { Badge, Banner, Button, Cancel, Dialog, ErrorBanner } from '../../ui';
import { t } from '../../words';
import { unsentDrafts } from '../annotate/draftStore';
import { useAct } from '../useAct';
import { goToOrganization, useSession } from './session';
import css from './SignIn.module.css';

interface ChoiceProps { readonly session: SessionView; readonly busy: string | undefined; readonly onChoose: (organizationId: string) => void }

/** The organizations of a person, one press each. */
export function OrganizationChoice({ session, busy, onChoose }: ChoiceProps) {
  return (
    <ul className={css.choice} aria-label={t('organizations.title')}>
      {session.organizations.map(one => (
        <li key={one.id}>
          <Button large icon={Building2} busy={busy === one.id} title={one.name} onClick={() => onChoose(one.id)}>
            <span>{one.name}</span>{one.id === session.organization.id && <Badge tone="good">{t('organizations.here')}</Badge>}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Goes to another organization of one's own; not while work waits here that only this one takes. */
export function ChangeOrganization({ onClose }: { readonly onClose: () => void }) {
  const client = useQueryClient();
  const session = useSession();
  const [unsent, setUnsent] = useState(false);
  const go = useAct({
    mutationFn: async (organizationId: string) => {
      const waits = (await unsentDrafts(session.person.id)).length > 0;
      setUnsent(waits);
      if (waits) return;
      await goToOrganization(client, organizationId);
      location.assign('/');
    },
  });
  return (
    <Dialog title={t('organizations.change')} onClose={onClose} foot={<Cancel />}>
      {go.error && <ErrorBanner reason={explain(go.error)} />}
      {unsent && <Banner tone="warn" title={t('organizations.unsent')}>{t('organizations.unsentBody')}</Banner>}
      <OrganizationChoice session={session} busy={go.isPending ? go.variables : undefined} onChoose={id => id === session.organization.id ? onClose() : go.run(id)} />
    </Dialog>
  );
}
