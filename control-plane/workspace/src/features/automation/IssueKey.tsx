import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, fieldError, type IssuedKey, type ServiceAccount } from '../../api';
import { Banner, Button, Cancel, Check, Dialog, ErrorBanner, layout, TextArea, TextField } from '../../ui';
import { t, tryText } from '../../words';
import { projectsQuery } from '../projects/queries';
import { useAct } from '../useAct';
import { Lifetime, lifetimeEnd } from './Lifetime';
import { serviceAccountsQuery } from './serviceAccountsQuery';

interface IssueProps { readonly account: ServiceAccount; readonly scopes: readonly string[]; readonly onIssued: (key: IssuedKey) => void; readonly onClose: () => void }

const fetchScope = 'assets.fetch';

/** A new key: what it may do, where, from where, until when. */
export function IssueKey({ account, scopes, onIssued, onClose }: IssueProps) {
  const client = useQueryClient();
  const { data: mine } = useQuery(projectsQuery);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [projects, setProjects] = useState<readonly string[]>([]);
  const [networks, setNetworks] = useState('');
  const [thumbprint, setThumbprint] = useState('');
  const [days, setDays] = useState(90);
  const [asked, setAsked] = useState(false);
  const addresses = networks.split(/[\s,]+/).filter(Boolean);
  const issue = useAct({
    mutationFn: () => api.automation.issue(account.id, {
      name: name.trim(), scopes: [...chosen], projects: projects.length > 0 ? [...projects] : null, addresses, keyThumbprint: chosen.includes(fetchScope) ? thumbprint.trim() : null, expiresAt: lifetimeEnd(days),
    }),
    onSuccess: async issued => {
      await client.invalidateQueries({ queryKey: serviceAccountsQuery.queryKey });
      onIssued(issued);
    },
  });
  const toggled = (all: readonly string[], one: string, on: boolean) => on ? [...all, one] : all.filter(other => other !== one);
  return (
    <Dialog wide title={t('key.issueFor', { name: account.name })} onClose={onClose} loses={(name || chosen.length > 0) && t('form.loses')}
      onSubmit={() => {
        setAsked(true);
        if (name.trim() && chosen.length > 0 && (!chosen.includes(fetchScope) || thumbprint.trim())) issue.run();
      }}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={issue.isPending}>{t('key.issue')}</Button></>}>
      {issue.error && <ErrorBanner reason={explain(issue.error)} />}
      <TextField label={t('field.name')} hint={t('key.nameHint')} maxLength={200} autoComplete="off" value={name} error={asked && !name.trim() ? t('field.required') : fieldError(issue.error, 'name')} onChange={event => setName(event.target.value)} />
      <fieldset>
        <legend>{t('key.scopes')}</legend>
        {asked && chosen.length === 0 && <Banner tone="bad" title={t('key.scopesNeeded')} />}
        {scopes.map(scope => <Check key={scope} label={<><code>{scope}</code> <span className={layout.muted}>{tryText(`scope.${scope}`)}</span></>} checked={chosen.includes(scope)} onChange={event => setChosen(toggled(chosen, scope, event.target.checked))} />)}
      </fieldset>
      {chosen.includes(fetchScope) && (
        <TextField label={t('key.thumbprint')} hint={t('key.thumbprintHint')} autoComplete="off" spellCheck={false} maxLength={43} value={thumbprint}
          error={asked && !thumbprint.trim() ? t('field.required') : fieldError(issue.error, 'keyThumbprint')} onChange={event => setThumbprint(event.target.value)} />
      )}
      <fieldset>
        <legend>{t('nav.projects')}</legend>
        <p className={layout.muted}>{t('key.projectsHint')}</p>
        {mine?.items.map(project => <Check key={project.id} label={project.name} checked={projects.includes(project.id)} onChange={event => setProjects(toggled(projects, project.id, event.target.checked))} />)}
      </fieldset>
      <TextArea label={t('key.addresses')} hint={t('key.addressesHint')} rows={2} spellCheck={false} value={networks} error={fieldError(issue.error, 'addresses')} onChange={event => setNetworks(event.target.value)} />
      <Lifetime days={days} onChange={setDays} />
    </Dialog>
  );
}
