import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, type ApiKeyRow, type IssuedKey, type ServiceAccount } from '../../api';
import { Button, Cancel, Dialog, ErrorBanner, SelectField } from '../../ui';
import { t, tryText } from '../../words';
import { useAct } from '../useAct';
import { Lifetime, lifetimeEnd } from './Lifetime';
import { serviceAccountsQuery } from './serviceAccountsQuery';

interface RotateProps { readonly account: ServiceAccount; readonly apiKey: ApiKeyRow; readonly onIssued: (key: IssuedKey) => void; readonly onClose: () => void }

const overlaps = [0, 60, 24 * 60, 7 * 24 * 60] as const;

/** A new key in place of another; both are valid for a while, so that the program can change over. */
export function RotateKey({ account, apiKey, onIssued, onClose }: RotateProps) {
  const client = useQueryClient();
  const [overlap, setOverlap] = useState<number>(24 * 60);
  const [days, setDays] = useState(90);
  const rotate = useAct({
    mutationFn: () => api.automation.rotate(account.id, apiKey.id, { overlapMinutes: overlap, expiresAt: lifetimeEnd(days) }),
    onSuccess: async issued => {
      await client.invalidateQueries({ queryKey: serviceAccountsQuery.queryKey });
      onIssued(issued);
    },
  });
  return (
    <Dialog title={t('key.rotateTitle', { name: apiKey.name })} onClose={onClose} onSubmit={rotate.run}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={rotate.isPending}>{t('key.rotate')}</Button></>}>
      {rotate.error && <ErrorBanner reason={explain(rotate.error)} />}
      <SelectField label={t('key.overlap')} hint={t('key.overlapHint')} value={overlap} onChange={event => setOverlap(Number(event.target.value))}>
        {overlaps.map(minutes => <option key={minutes} value={minutes}>{tryText(`key.overlap.${minutes}`)}</option>)}
      </SelectField>
      <Lifetime days={days} onChange={setDays} />
    </Dialog>
  );
}
