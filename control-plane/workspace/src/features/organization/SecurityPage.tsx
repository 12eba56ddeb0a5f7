import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, fieldError, type OrganizationRole, type SecuritySettings } from '../../api';
import { Banner, Button, Card, ErrorBanner, layout, Page, PageHead, say, SelectField, Skeleton, TextField } from '../../ui';
import { t, tn } from '../../words';
import { sessionQuery, useSession } from '../session/session';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { DirectoryCard } from './DirectoryCard';
import { SingleSignOnCard } from './SingleSignOnCard';

const securityQuery = queryOptions({ queryKey: ['security'], queryFn: ({ signal }) => api.organization.security(signal) });

/** How people of the organization sign in, and how long they stay so. */
export function SecurityPage() {
  const { data, error, refetch } = useQuery(securityQuery);
  const { organization } = useSession();
  useTitle(t('nav.security'));
  if (error && !data) return <Trouble page error={error} onRetry={refetch} />;
  return (
    <Page>
      <PageHead title={t('nav.security')} lead={t('security.lead')} />
      {data ? <><Settings key={JSON.stringify(data)} settings={data} />{organization.role === 'owner' && <><SingleSignOnCard /><DirectoryCard /></>}</> : <Skeleton width="100%" height={240} />}
    </Page>
  );
}

function Settings({ settings }: { readonly settings: SecuritySettings }) {
  const client = useQueryClient();
  const [idle, setIdle] = useState(String(settings.idleMinutes));
  const [hours, setHours] = useState(String(settings.absoluteHours));
  const [mfaFrom, setMfaFrom] = useState<OrganizationRole | ''>(settings.mfaFrom ?? '');
  const save = useAct({
    mutationFn: () => api.organization.secure({ idleMinutes: Number(idle), absoluteHours: Number(hours), mfaFrom: mfaFrom || null }),
    onSuccess: async () => {
      await Promise.all([client.invalidateQueries({ queryKey: securityQuery.queryKey }), client.invalidateQueries({ queryKey: sessionQuery.queryKey })]);
      say(t('security.saved'));
    },
  });
  const off = (text: string, least: number, most: number) => !/^\d+$/.test(text) || Number(text) < least || Number(text) > most;
  const idleOff = off(idle, 5, 480);
  const hoursOff = off(hours, 1, 24);
  return (
    <Card pad title={t('security.sessions')}>
      <form className={layout.form} noValidate onSubmit={event => {
        event.preventDefault();
        if (!idleOff && !hoursOff) save.run();
      }}>
        {save.error && <ErrorBanner reason={explain(save.error)} />}
        <TextField label={t('security.idle')} hint={t('security.idleHint')} inputMode="numeric" value={idle} error={idleOff ? t('security.idleOff') : fieldError(save.error, 'idleMinutes')} onChange={event => setIdle(event.target.value)} />
        <TextField label={t('security.hours')} hint={t('security.hoursHint')} inputMode="numeric" value={hours} error={hoursOff ? t('security.hoursOff') : fieldError(save.error, 'absoluteHours')} onChange={event => setHours(event.target.value)} />
        <SelectField label={t('security.mfa')} hint={t('security.mfaHint')} value={mfaFrom} onChange={event => setMfaFrom(event.target.value as OrganizationRole | '')}>
          <option value="">{t('security.mfaNobody')}</option>
          <option value="owner">{t('security.mfaOwners')}</option>
          <option value="admin">{t('security.mfaAdmins')}</option>
          <option value="member">{t('security.mfaAll')}</option>
        </SelectField>
        {mfaFrom !== '' && settings.withoutMfa > 0 && <Banner tone="warn" title={tn('security.without', settings.withoutMfa)}>{t('security.withoutBody')}</Banner>}
        <div><Button kind="primary" type="submit" busy={save.isPending}>{t('security.save')}</Button></div>
      </form>
    </Card>
  );
}
