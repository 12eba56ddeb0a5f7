import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, fieldError, type SingleSignOn } from '../../api';
import { Badge, Button, Card, Check, Confirm, CopyBlock, ErrorBanner, layout, say, SelectField, Skeleton, TextArea, TextField } from '../../ui';
import { t } from '../../words';
import { useSession } from '../session/session';
import { useAct } from '../useAct';
import { GroupMapping } from './GroupMapping';
import { ssoQuery } from './ssoQuery';


/** The organization's own identity provider. Only owners rule over it: who rules it can be anybody whom it signs in. */
export function SingleSignOnCard() {
  const { data, error } = useQuery(ssoQuery);
  if (error && !data) return <Card pad title={t('sso.title')}><ErrorBanner reason={explain(error)} /></Card>;
  return data ? <>
    {/* What the groups give is saved beside it, and must not take away what is typed here. */}
    <Provider key={JSON.stringify(data.provider && { ...data.provider, mapping: null, groupsClaim: null })} sso={data} />
    <Domains sso={data} />
    {data.provider && <GroupMapping key={JSON.stringify([data.provider.groupsClaim, data.provider.mapping])} provider={data.provider} />}
  </> : <Skeleton width="100%" height={200} />;
}

const clouds = ['public', 'usGovernment', 'china'] as const;
type Cloud = (typeof clouds)[number];

function Provider({ sso }: { readonly sso: SingleSignOn }) {
  const client = useQueryClient();
  const { person } = useSession();
  const now = sso.provider;
  const [name, setName] = useState(now?.name ?? '');
  const [issuer, setIssuer] = useState(now?.issuer ?? '');
  const [isEntra, setIsEntra] = useState(Boolean(now?.entra));
  const [cloud, setCloud] = useState<Cloud>(now?.entra?.cloud ?? 'public');
  const [tenantId, setTenantId] = useState(now?.entra?.tenantId ?? '');
  const [byCertificate, setByCertificate] = useState(now?.credential === 'certificate');
  const [clientId, setClientId] = useState(now?.clientId ?? '');
  const [secret, setSecret] = useState('');
  const [justInTime, setJustInTime] = useState(now?.justInTime ?? true);
  const [enforced, setEnforced] = useState(now?.enforced ?? false);
  const [removing, setRemoving] = useState(false);
  const anew = () => client.invalidateQueries({ queryKey: ssoQuery.queryKey });
  const save = useAct({
    mutationFn: () => api.singleSignOn.configure({
      name: name.trim(), issuer: isEntra ? null : issuer.trim(), entra: isEntra ? { cloud, tenantId: tenantId.trim() } : null, clientId: clientId.trim(),
      clientSecret: byCertificate ? null : secret || null, clientCertificate: byCertificate ? secret || null : null, scopes: now?.scopes ?? 'openid profile email', groupsClaim: now?.groupsClaim ?? 'groups',
      mapping: now?.mapping ?? [], justInTime, enforced, breakGlass: enforced ? [...new Set([...(now?.breakGlass ?? []), person.id])] : now?.breakGlass ?? [],
    }),
    onSuccess: async () => {
      await anew();
      say(t('sso.saved'));
    },
  });
  const remove = useAct({
    mutationFn: api.singleSignOn.remove,
    onSuccess: async () => {
      await anew();
      setRemoving(false);
      say(t('sso.removed'));
    },
  });
  return (
    <Card pad title={t('sso.title')}>
      <p className={layout.muted}>{t('sso.body')}</p>
      <CopyBlock label={t('sso.redirect')} text={sso.redirectUri} />
      <CopyBlock label={t('sso.postLogout')} text={sso.postLogoutRedirectUri} />
      {sso.backChannelLogoutUri && <CopyBlock label={t('sso.backChannel')} text={sso.backChannelLogoutUri} />}
      <form className={layout.form} noValidate onSubmit={event => {
        event.preventDefault();
        save.run();
      }}>
        {save.error && <ErrorBanner reason={explain(save.error)} />}
        <TextField label={t('sso.name')} hint={t('sso.nameHint')} maxLength={100} value={name} error={fieldError(save.error, 'name')} onChange={event => setName(event.target.value)} />
        <SelectField label={t('sso.kind')} value={isEntra ? 'entra' : 'openId'} onChange={event => setIsEntra(event.target.value === 'entra')}>
          <option value="openId">{t('sso.kindOpenId')}</option>
          <option value="entra">{t('sso.kindEntra')}</option>
        </SelectField>
        {isEntra && (
          <>
            <SelectField label={t('sso.cloud')} value={cloud} onChange={event => setCloud(clouds.find(one => one === event.target.value) ?? 'public')}>
              {clouds.map(one => <option key={one} value={one}>{t(`sso.cloud.${one}`)}</option>)}
            </SelectField>
            <TextField label={t('sso.tenant')} hint={t('sso.tenantHint')} maxLength={36} autoComplete="off" spellCheck={false} value={tenantId} error={fieldError(save.error, 'entra.tenantId')} onChange={event => setTenantId(event.target.value)} />
          </>
        )}
        {!isEntra && <TextField label={t('sso.issuer')} hint={t('sso.issuerHint')} type="url" maxLength={500} spellCheck={false} value={issuer} error={fieldError(save.error, 'issuer')} onChange={event => setIssuer(event.target.value)} />}
        <TextField label={t('sso.clientId')} maxLength={255} autoComplete="off" spellCheck={false} value={clientId} error={fieldError(save.error, 'clientId')} onChange={event => setClientId(event.target.value)} />
        <SelectField label={t('sso.credential')} value={byCertificate ? 'certificate' : 'secret'} onChange={event => {
          setByCertificate(event.target.value === 'certificate');
          setSecret('');
        }}>
          <option value="secret">{t('sso.secret')}</option>
          <option value="certificate">{t('sso.certificate')}</option>
        </SelectField>
        {byCertificate && <TextArea label={t('sso.certificate')} hint={now?.credential === 'certificate' ? t('sso.secretKept') : t('sso.certificateHint')} rows={4} maxLength={20000} autoComplete="off" spellCheck={false} value={secret} error={fieldError(save.error, 'clientCertificate')} onChange={event => setSecret(event.target.value)} />}
        {!byCertificate && <TextField label={t('sso.secret')} hint={now ? t('sso.secretKept') : t('sso.secretHint')} type="password" maxLength={1000} autoComplete="off" value={secret} error={fieldError(save.error, 'clientSecret')} onChange={event => setSecret(event.target.value)} />}
        <Check label={t('sso.justInTime')} hint={t('sso.justInTimeHint')} checked={justInTime} onChange={event => setJustInTime(event.target.checked)} />
        <Check label={t('sso.enforced')} hint={t('sso.enforcedHint')} checked={enforced} onChange={event => setEnforced(event.target.checked)} />
        <div className={layout.row}>
          <Button kind="primary" type="submit" busy={save.isPending}>{t('sso.save')}</Button>
          {now && <Button onClick={() => setRemoving(true)}>{t('sso.remove')}</Button>}
        </div>
      </form>
      {removing && <Confirm title={t('sso.removeTitle')} act={t('sso.remove')} busy={remove.isPending} reason={remove.error ? explain(remove.error) : undefined} onConfirm={() => remove.run()} onClose={() => setRemoving(false)}>{t('sso.removeBody')}</Confirm>}
    </Card>
  );
}

function Domains({ sso }: { readonly sso: SingleSignOn }) {
  const client = useQueryClient();
  const [domain, setDomain] = useState('');
  const anew = () => client.invalidateQueries({ queryKey: ssoQuery.queryKey });
  const claim = useAct({
    mutationFn: (name: string) => api.singleSignOn.claim(name),
    onSuccess: async made => {
      await anew();
      setDomain('');
      say(made.verified ? t('sso.domainProven', { domain: made.domain }) : t('sso.domainWaits', { domain: made.domain }));
    },
  });
  const remove = useAct({ mutationFn: (name: string) => api.singleSignOn.removeDomain(name), onSuccess: anew });
  const failed = claim.error ?? remove.error;
  return (
    <Card pad title={t('sso.domains')}>
      <p className={layout.muted}>{t('sso.domainsBody')}</p>
      {failed && <ErrorBanner reason={explain(failed)} />}
      {sso.domains.map(one => (
        <div key={one.name}>
          <div className={layout.row}>
            <strong>{one.name}</strong>
            <Badge tone={one.verifiedAt ? 'good' : 'warn'}>{one.verifiedAt ? t('sso.proven') : t('sso.notProven')}</Badge>
            {!one.verifiedAt && <Button busy={claim.isPending} onClick={() => claim.run(one.name)}>{t('sso.prove')}</Button>}
            <Button onClick={() => remove.run(one.name)}>{t('sso.removeDomain', { domain: one.name })}</Button>
          </div>
          {!one.verifiedAt && <CopyBlock label={t('sso.txt', { name: one.txtName })} text={`${one.txtName} TXT "${one.txtValue}"`} />}
        </div>
      ))}
      <form className={layout.form} noValidate onSubmit={event => {
        event.preventDefault();
        if (domain.trim()) claim.run(domain.trim().toLowerCase());
      }}>
        <TextField label={t('sso.domain')} hint={t('sso.domainHint')} maxLength={253} spellCheck={false} value={domain} onChange={event => setDomain(event.target.value)} />
        <div><Button type="submit" busy={claim.isPending}>{t('sso.addDomain')}</Button></div>
      </form>
    </Card>
  );
}
