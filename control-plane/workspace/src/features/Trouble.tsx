import { Link } from '@tanstack/react-router';
import { explain, isProblem } from '../api';
import { buttonClass, ErrorState } from '../ui';
import { t } from '../words';

/** Why a page or a list is not there. What is refused or missing is not asked again; the rest can be. */
export function Trouble({ error, onRetry, page = false }: { readonly error: unknown; readonly onRetry: () => unknown; readonly page?: boolean }) {
  const final = isProblem(error) && (error.status === 403 || error.status === 404);
  return final
    ? <ErrorState page={page} reason={explain(error)} action={<Link to="/" className={buttonClass()}>{t('nav.home')}</Link>} />
    : <ErrorState page={page} reason={explain(error)} onRetry={() => void onRetry()} />;
}
