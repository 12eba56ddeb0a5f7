import { useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { api, explain, fieldError, type ApiKeyRow, type IssuedKey, type OrganizationRole, type ServiceAccount } from '../../api';
import { Badge, Button, Cancel, Card, Confirm, Dialog, EmptyState, ErrorBanner, layout, Page, PageHead, say, SelectField, Skeleton, Table, TextField, When, type Column } from '../../ui';
import { t, tn } from '../../words';
import { Trouble } from '../Trouble';
import { useAct } from '../useAct';
import { useTitle } from '../useTitle';
import { IssueKey } from './IssueKey';
import { RotateKey } from './RotateKey';
import { serviceAccountsQuery } from './serviceAccountsQuery';
import { ShownKey } from './ShownKey';

type Asked = { readonly kind: 'issue'; readonly account: ServiceAccount } | { readonly kind: 'rotate' | 'revoke'; readonly account: ServiceAccount; readonly key: ApiKeyRow };

/** Programs of the organization and the keys by which they act. */
export function ServiceAccounts() {
  const { data, error, refetch } = useQuery(serviceAccountsQuery);
  const [creating, setCreating] = useState(false);
  const [asked, setAsked] = useState<Asked>();
  const [shown, setShown] = useState<IssuedKey>();
  useTitle(t('nav.serviceAccounts'));
  const create = <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>{t('key.newAccount')}</Button>;
  const issued = (key: IssuedKey) => {
    setAsked(undefined);
    setShown(key);
  };
  if (error && !data) return <Trouble page error={error} onRetry={refetch} />;
  return (
    <Page>
      <PageHead title={t('nav.serviceAccounts')} lead={t('key.lead')} actions={data?.items.length !== 0 && create} />
      {!data && <Skeleton width="100%" height={180} />}
      {data?.items.length === 0 && <Card><EmptyState icon={KeyRound} title={t('key.none')} action={create}>{t('key.noneBody')}</EmptyState></Card>}
      {data?.items.map(account => (
        <Card key={account.id} title={account.name} actions={<Button icon={Plus} onClick={() => setAsked({ kind: 'issue', account })}>{t('key.issue')}</Button>}>
          <p className={layout.bar}><span className={layout.muted}>{t(`organizationRole.${account.role}`)} · {tn('key.projects', account.projects)}</span></p>
          {account.keys.length === 0
            ? <p className={layout.bar}><span className={layout.muted}>{t('key.noKey')}</span></p>
            : <Table rows={account.keys} columns={columnsOf(account, setAsked)} id={key => key.id} label={t('key.keysOf', { name: account.name })} />}
        </Card>
      ))}
      {creating && <CreateAccount onClose={() => setCreating(false)} />}
      {asked?.kind === 'issue' && data && <IssueKey account={asked.account} scopes={data.scopes} onIssued={issued} onClose={() => setAsked(undefined)} />}
      {asked?.kind === 'rotate' && <RotateKey account={asked.account} apiKey={asked.key} onIssued={issued} onClose={() => setAsked(undefined)} />}
      {asked?.kind === 'revoke' && <Revoke account={asked.account} apiKey={asked.key} onClose={() => setAsked(undefined)} />}
      {shown && <ShownKey issued={shown} onClose={() => setShown(undefined)} />}
    </Page>
  );
}

const columnsOf = (account: ServiceAccount, ask: (asked: Asked) => void): readonly Column<ApiKeyRow>[] => [
  { key: 'name', head: t('field.name'), width: 140, cell: key => key.name, title: key => key.name },
  { key: 'prefix', head: t('key.prefix'), cell: key => <code>{t('key.begins', { prefix: key.prefix })}</code> },
  { key: 'state', head: t('key.state'), cell: key => <KeyState apiKey={key} /> },
  { key: 'scopes', head: t('key.scopes'), width: 160, cell: key => key.scopes.join(', '), title: key => key.scopes.join(', ') },
  { key: 'used', head: t('key.lastUsed'), cell: key => key.lastUsedAt ? <When at={key.lastUsedAt} /> : t('agent.never') },
  { key: 'expires', head: t('key.expires'), cell: key => <When at={key.expiresAt} /> },
  {
    key: 'acts', head: '', cell: key => isLive(key) && (
      <span className={layout.row}>
        {!key.replacedBy && <Button onClick={() => ask({ kind: 'rotate', account, key })}>{t('key.rotate')}</Button>}
        <Button onClick={() => ask({ kind: 'revoke', account, key })}>{t('key.revoke')}</Button>
      </span>
    ),
  },
];

const isLive = (key: ApiKeyRow) => !key.revokedAt && Date.parse(key.expiresAt) > Date.now();

function KeyState({ apiKey }: { readonly apiKey: ApiKeyRow }) {
  if (apiKey.revokedAt) return <Badge tone="bad">{t('key.revoked')}</Badge>;
  if (!isLive(apiKey)) return <Badge>{t('key.lapsed')}</Badge>;
  return apiKey.replacedBy ? <Badge tone="warn">{t('key.replaced')}</Badge> : <Badge tone="good">{t('key.live')}</Badge>;
}

function CreateAccount({ onClose }: { readonly onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<OrganizationRole>('member');
  const [asked, setAsked] = useState(false);
  const create = useAct({
    mutationFn: () => api.automation.create({ name: name.trim(), role }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: serviceAccountsQuery.queryKey });
      say(t('key.accountMade', { name: name.trim() }));
      onClose();
    },
  });
  return (
    <Dialog title={t('key.newAccount')} onClose={onClose} loses={name && t('form.loses')}
      onSubmit={() => {
        setAsked(true);
        if (name.trim()) create.run();
      }}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={create.isPending}>{t('key.newAccount')}</Button></>}>
      {create.error && <ErrorBanner reason={explain(create.error)} />}
      <TextField label={t('field.name')} hint={t('key.accountHint')} maxLength={200} autoComplete="off" value={name} error={asked && !name.trim() ? t('field.required') : fieldError(create.error, 'name')} onChange={event => setName(event.target.value)} />
      <SelectField label={t('field.role')} value={role} hint={t(`organizationRoleHint.${role}`)} onChange={event => setRole(event.target.value as OrganizationRole)}>
        {(['member', 'admin'] as const).map(one => <option key={one} value={one}>{t(`organizationRole.${one}`)}</option>)}
      </SelectField>
    </Dialog>
  );
}

function Revoke({ account, apiKey, onClose }: { readonly account: ServiceAccount; readonly apiKey: ApiKeyRow; readonly onClose: () => void }) {
  const client = useQueryClient();
  const revoke = useAct({
    mutationFn: () => api.automation.revoke(account.id, apiKey.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: serviceAccountsQuery.queryKey });
      say(t('key.nowRevoked', { name: apiKey.name }));
      onClose();
    },
  });
  return (
    <Confirm title={t('key.revokeTitle', { name: apiKey.name })} act={t('key.revoke')} busy={revoke.isPending} reason={revoke.error ? explain(revoke.error) : undefined} onConfirm={revoke.run} onClose={onClose}>
      {t('key.revokeBody')}
    </Confirm>
  );
}
