import { explain, type FoundProvider } from '../../api';
import { Button, ErrorBanner } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { signInAtProvider } from './session';

/** The way to the identity provider of the domain that was typed. */
export function ProviderButton({ provider, returnTo }: { readonly provider: FoundProvider; readonly returnTo: string }) {
  const leave = useAct({ mutationFn: () => signInAtProvider(provider.id, returnTo) });
  return (
    <>
      {leave.error && <ErrorBanner reason={explain(leave.error)} />}
      <Button kind="primary" large autoFocus busy={leave.isPending || leave.isSuccess} onClick={() => leave.run()}>{t('signIn.provider', { name: provider.name })}</Button>
    </>
  );
}
