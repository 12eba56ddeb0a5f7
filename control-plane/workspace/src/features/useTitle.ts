import { useEffect } from 'react';
import { t } from '../words';

/** The browser's title of a page: what it is, where it is, then the product. */
export function useTitle(...parts: readonly (string | undefined)[]): void {
  const title = [...parts.filter(Boolean), t('app.name')].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
