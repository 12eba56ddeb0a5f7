import { useEffect } from 'react';
import { t } from '../words';

/** The browser's title of a page: what it is, then the product. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${t('app.name')}` : t('app.name');
  }, [title]);
}
