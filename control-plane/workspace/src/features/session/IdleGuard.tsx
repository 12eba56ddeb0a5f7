import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { api } from '../../api';
import { Button, Dialog, When } from '../../ui';
import { t } from '../../words';
import { IdleWatch, type IdleState } from './idle';
import { endedByIdleness, useSession } from './session';

const signs = ['pointerdown', 'keydown', 'touchstart', 'wheel'] as const;
const here: IdleState = { kind: 'here' };

/** Signs out whom nobody sees at the page any more, in all tabs at once. Drafts are with the server long before. */
export function IdleGuard() {
  const client = useQueryClient();
  const { idleMinutes, idleSeconds } = useSession();
  const [watch, setWatch] = useState<IdleWatch>();
  useEffect(() => {
    const made = new IdleWatch({ limitMilliseconds: idleMinutes * 60_000, idleMilliseconds: idleSeconds * 1_000, report: api.session.active });
    const touched = () => made.touched();
    for (const sign of signs) addEventListener(sign, touched, { passive: true, capture: true });
    setWatch(made);
    return () => {
      for (const sign of signs) removeEventListener(sign, touched, { capture: true });
      made.close();
    };
    // How long nobody was there counts once, when the page begins to watch by itself.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [idleMinutes]);
  const state = useSyncExternalStore(watch?.subscribe ?? (() => () => undefined), () => watch?.state ?? here);
  useEffect(() => {
    if (state.kind === 'over') void endedByIdleness(client);
  }, [client, state]);
  if (state.kind !== 'warned' || !watch) return null;
  return (
    <Dialog title={t('idle.title')} onClose={() => watch.stay()} foot={<Button kind="primary" onClick={() => watch.stay()}>{t('idle.stay')}</Button>}>
      <p>{t('idle.body')} <When at={new Date(state.endsAt).toISOString()} /></p>
    </Dialog>
  );
}
