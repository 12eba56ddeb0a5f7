import { SelectField } from '../../ui';
import { t, tn } from '../../words';

const choices = [7, 30, 90, 365] as const;

/** When a key of so many days ends. */
export const lifetimeEnd = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

/** How long a key lives: never for ever. */
export function Lifetime({ days, onChange }: { readonly days: number; readonly onChange: (days: number) => void }) {
  return (
    <SelectField label={t('key.lifetime')} value={days} onChange={event => onChange(Number(event.target.value))}>
      {choices.map(one => <option key={one} value={one}>{tn('key.days', one)}</option>)}
    </SelectField>
  );
}
