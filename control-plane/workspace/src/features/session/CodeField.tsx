import { isProblem } from '../../api';
import { TextField } from '../../ui';
import { t } from '../../words';

interface CodeProps { readonly value: string; readonly error: unknown; readonly missing?: boolean; /** The account has no authenticator app. */ readonly onlyRecovery?: boolean; readonly onChange: (code: string) => void }

/** Six digits of the authenticator app, or a recovery code. Paste is allowed. */
export function CodeField({ value, error, missing = false, onlyRecovery = false, onChange }: CodeProps) {
  return (
    <TextField label={onlyRecovery ? t('signIn.recoveryCode') : t('signIn.code')} hint={onlyRecovery ? t('signIn.recoveryCodeHint') : t('signIn.codeHint')} name="one-time-code" autoComplete="one-time-code" inputMode="text" autoFocus spellCheck={false} maxLength={40} value={value}
      error={missing ? t('field.required') : isProblem(error, 'session.factor_refused') ? t('signIn.codeRefused') : undefined} onChange={event => onChange(event.target.value)} />
  );
}
