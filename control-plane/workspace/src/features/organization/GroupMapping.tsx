import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, fieldError, type GroupRule, type ProjectRole, type Provider } from '../../api';
import { Button, Card, ErrorBanner, layout, say, SelectField, TextField } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import css from './GroupMapping.module.css';
import { ssoQuery } from './ssoQuery';

/** What a rule gives, as one choice. */
type Gives = 'member' | 'admin' | `project:${string}` | `team:${string}`;
interface Row { readonly id: number; readonly group: string; readonly gives: Gives; readonly role: ProjectRole }

const projectRoles: readonly ProjectRole[] = ['labeler', 'reviewer', 'teamManager', 'projectAdmin'];
const most = 500;

const rowOf = (rule: GroupRule, id: number): Row => ({
  id, group: rule.group, role: rule.projectRole ?? 'labeler',
  gives: rule.projectId ? `project:${rule.projectId}` : rule.teamId ? `team:${rule.teamId}` : rule.organizationRole === 'admin' ? 'admin' : 'member',
});

function ruleOf({ group, gives, role }: Row): GroupRule {
  const none = { group: group.trim(), organizationRole: null, projectId: null, projectRole: null, teamId: null };
  if (gives === 'member' || gives === 'admin') return { ...none, organizationRole: gives };
  const [kind, id = ''] = gives.split(':');
  return kind === 'project' ? { ...none, projectId: id, projectRole: role } : { ...none, teamId: id };
}

/** What the groups that the identity provider names give here: a role in the organization or a project, or a place in a team. */
export function GroupMapping({ provider }: { readonly provider: Provider }) {
  const client = useQueryClient();
  const [claim, setClaim] = useState(provider.groupsClaim);
  const [rows, setRows] = useState<readonly Row[]>(() => provider.mapping.map(rowOf));
  const [asked, setAsked] = useState(false);
  const { data: projects } = useQuery({ queryKey: ['sso', 'projects'], queryFn: ({ signal }) => api.organization.projects({ limit: 200 }, signal) });
  const { data: teams } = useQuery({ queryKey: ['sso', 'teams'], queryFn: ({ signal }) => api.teams.list({ limit: 200 }, signal) });
  const save = useAct({
    mutationFn: () => api.singleSignOn.configure({
      name: provider.name, issuer: provider.entra ? null : provider.issuer, entra: provider.entra, clientId: provider.clientId, clientSecret: null, clientCertificate: null, scopes: provider.scopes,
      justInTime: provider.justInTime, enforced: provider.enforced, breakGlass: provider.breakGlass, groupsClaim: claim.trim(), mapping: rows.map(ruleOf),
    }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ssoQuery.queryKey });
      say(t('groups.saved'));
    },
  });
  const change = (id: number, next: Partial<Row>) => setRows(rows.map(row => row.id === id ? { ...row, ...next } : row));
  const live = projects?.items.filter(one => !one.deletedAt && !one.archivedAt) ?? [];
  const fillable = teams?.items.filter(one => one.source !== 'scim') ?? [];
  const listed = (gives: Gives) => !gives.includes(':') || live.some(one => gives === `project:${one.id}`) || fillable.some(one => gives === `team:${one.id}`);
  return (
    <Card pad title={t('groups.title')}>
      <p className={layout.muted}>{t('groups.body')}</p>
      <form className={css.form} noValidate onSubmit={event => {
        event.preventDefault();
        setAsked(true);
        if (claim.trim() && rows.every(row => row.group.trim())) save.run();
      }}>
        {save.error && <ErrorBanner reason={explain(save.error)} />}
        <TextField label={t('groups.claim')} hint={t('groups.claimHint')} maxLength={100} spellCheck={false} autoComplete="off" value={claim} error={asked && !claim.trim() ? t('field.required') : fieldError(save.error, 'groupsClaim')} onChange={event => setClaim(event.target.value)} />
        {rows.length === 0 && <p className={layout.muted}>{t('groups.none')}</p>}
        {rows.map((row, index) => (
          <fieldset key={row.id} className={css.rule}>
            <legend>{t('groups.rule', { number: index + 1 })}</legend>
            <TextField label={t('groups.group')} maxLength={255} spellCheck={false} autoComplete="off" value={row.group} error={asked && !row.group.trim() ? t('field.required') : undefined} onChange={event => change(row.id, { group: event.target.value })} />
            <SelectField label={t('groups.gives')} value={row.gives} onChange={event => change(row.id, { gives: event.target.value as Gives })}>
              <optgroup label={t('groups.organization')}>
                <option value="member">{t('organizationRole.member')}</option>
                <option value="admin">{t('organizationRole.admin')}</option>
              </optgroup>
              {live.length > 0 && <optgroup label={t('nav.projects')}>{live.map(one => <option key={one.id} value={`project:${one.id}`}>{one.name}</option>)}</optgroup>}
              {fillable.length > 0 && <optgroup label={t('groups.teams')}>{fillable.map(one => <option key={one.id} value={`team:${one.id}`}>{one.name}</option>)}</optgroup>}
              {!listed(row.gives) && <option value={row.gives}>{t('groups.unlisted')}</option>}
            </SelectField>
            {row.gives.startsWith('project:') && (
              <SelectField label={t('field.role')} value={row.role} onChange={event => change(row.id, { role: projectRoles.find(one => one === event.target.value) ?? 'labeler' })}>
                {projectRoles.map(one => <option key={one} value={one}>{t(`role.${one}`)}</option>)}
              </SelectField>
            )}
            <Button aria-label={t('groups.removeRule', { number: index + 1 })} onClick={() => setRows(rows.filter(one => one.id !== row.id))}>{t('groups.remove')}</Button>
          </fieldset>
        ))}
        <div className={layout.row}>
          <Button aria-disabled={rows.length >= most} onClick={() => setRows([...rows, { id: Math.max(-1, ...rows.map(one => one.id)) + 1, group: '', gives: 'member', role: 'labeler' }])}>{t('groups.add')}</Button>
          <Button kind="primary" type="submit" busy={save.isPending}>{t('groups.save')}</Button>
        </div>
      </form>
    </Card>
  );
}
