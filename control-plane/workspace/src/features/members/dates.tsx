import { TextField } from '../../ui';
import { layout } from '../../ui';
import { t } from '../../words';

/** From when until when a role holds, as the fields show it: local time, empty = without limit. */
export interface Dates { readonly from: string; readonly until: string }

export const unlimited: Dates = { from: '', until: '' };

const two = (value: number) => String(value).padStart(2, '0');

/** An instant as the field shows it, in local time. */
export function toField(instant: string | null | undefined): string {
  if (!instant) return '';
  const at = new Date(instant);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** An instant of a field in local time; null when it is empty. */
export const toInstant = (field: string) => field ? new Date(field).toISOString() : null;

/** What is sent. */
export const sent = ({ from, until }: Dates) => ({ validFrom: toInstant(from), validUntil: toInstant(until) });

export function DateFields({ value, onChange }: { readonly value: Dates; readonly onChange: (dates: Dates) => void }) {
  return (
    <div className={layout.two}>
      <TextField label={t('members.from')} optional type="datetime-local" value={value.from} onChange={event => onChange({ ...value, from: event.target.value })} />
      <TextField label={t('members.until')} optional type="datetime-local" value={value.until} hint={t('members.untilHint')} onChange={event => onChange({ ...value, until: event.target.value })} />
    </div>
  );
}
