import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, explain, type IssuedKey } from '../../api';
import { Button, Card, CopyBlock, ErrorBanner, layout, Skeleton, When } from '../../ui';
import { t } from '../../words';
import { lifetimeEnd } from '../automation/Lifetime';
import { serviceAccountsQuery } from '../automation/serviceAccountsQuery';
import { ShownKey } from '../automation/ShownKey';
import { useAct } from '../useAct';

const scope = 'directory.provision';
const keyDays = 365;

/** Where the organization's directory says who its people are (SCIM 2.0), and the key by which it does. */
export function DirectoryCard() {
  const client = useQueryClient();
  const { data, error } = useQuery(serviceAccountsQuery);
  const [shown, setShown] = useState<IssuedKey>();
  const keys = data?.items.flatMap(account => account.keys.filter(key => key.scopes.includes(scope) && !key.revokedAt && Date.parse(key.expiresAt) > Date.now()).map(key => ({ ...key, account: account.name }))) ?? [];
  const make = useAct({
    mutationFn: async () => {
      // One account for the directory, whoever makes its keys.
      const name = t('directory.account');
      const account = data?.items.find(one => one.role === 'admin' && (one.name === name || one.keys.some(key => key.scopes.includes(scope))))?.id ?? (await api.automation.create({ name, role: 'admin' })).id;
      return api.automation.issue(account, { name, scopes: [scope], projects: null, addresses: [], keyThumbprint: null, expiresAt: lifetimeEnd(keyDays) });
    },
    onSuccess: issued => setShown(issued),
    onSettled: () => client.invalidateQueries({ queryKey: serviceAccountsQuery.queryKey }),
  });
  const failed = make.error ?? (data ? undefined : error);
  return (
    <Card pad title={t('directory.title')}>
      <p className={layout.muted}>{t('directory.body')}</p>
      <CopyBlock label={t('directory.address')} text={`${location.origin}/scim/v2`} />
      {failed && <ErrorBanner reason={explain(failed)} />}
      {!data && !error && <Skeleton width="100%" height={40} />}
      {data && keys.length === 0 && <p className={layout.muted}>{t('directory.noKey')}</p>}
      {keys.map(key => (
        <p key={key.id}>
          <code>{t('key.begins', { prefix: key.prefix })}</code> · {key.account} · {t('key.lastUsed')}: {key.lastUsedAt ? <When at={key.lastUsedAt} /> : t('agent.never')} · {t('key.expires')}: <When at={key.expiresAt} />
        </p>
      ))}
      <div className={layout.row}>
        <Button busy={make.isPending} aria-disabled={!data} onClick={() => make.run()}>{t('directory.makeKey')}</Button>
        {keys.length > 0 && <Link to="/service-accounts">{t('directory.manage')}</Link>}
      </div>
      {shown && <ShownKey issued={shown} onClose={() => setShown(undefined)} />}
    </Card>
  );
}
