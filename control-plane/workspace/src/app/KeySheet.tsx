import { Dialog, Keys } from '../ui';
import { t } from '../words';
import css from './KeySheet.module.css';

export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  return <Dialog wide title={t('keys.title')} onClose={onClose}><div className={css.columns}><Keys keys="?" /></div></Dialog>;
}
