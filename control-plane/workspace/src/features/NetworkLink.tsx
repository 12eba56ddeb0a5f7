import { AssetUnavailable } from '../media';
import { buttonClass } from '../ui';
import { t } from '../words';

/** The way to the page that asks the browser for the private network. A tab of its own: what is open here stays as it is. */
export function NetworkLink({ error }: { readonly error: unknown }) {
  if (!(error instanceof AssetUnavailable) || error.code !== 'asset.network_permission') return null;
  return <a className={buttonClass('primary')} href={`/connect/${error.detail}`} target="_blank" rel="noopener">{t('connect.open')}</a>;
}
