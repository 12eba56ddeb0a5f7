import { useQuery } from '@tanstack/react-query';
import { api, explain } from '../../api';
import { Button, Card, ErrorBanner, layout } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';

/** Links the account with the identity provider of its own domain, by a sign-in there in this very session. */
export function LinkProvider({ email }: { readonly email: string }) {
  const { data } = useQuery({ queryKey: ['profile', 'provider', email], queryFn: () => api.session.discover(email), enabled: email !== '' });
  const link = useAct({ mutationFn: api.session.link, onSuccess: begun => location.assign(begun.url) });
  if (!data?.provider) return null;
  return (
    <Card pad title={t('sso.title')}>
      <p className={layout.muted}>{t('sso.linkBody', { name: data.provider.name })}</p>
      {link.error && <ErrorBanner reason={explain(link.error)} />}
      <div><Button busy={link.isPending || link.isSuccess} onClick={() => link.run()}>{t('sso.link', { name: data.provider.name })}</Button></div>
    </Card>
  );
}
