import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, type Project, type ProjectRole } from '../../api';
import { Button, Card, ErrorBanner, layout, say, SelectField } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { projectQuery } from './queries';

const roles: readonly ProjectRole[] = ['projectAdmin', 'teamManager', 'reviewer', 'labeler'];

/** From which role upwards the project wants a second factor. */
export function RequiredFactor({ project }: { readonly project: Project }) {
  const client = useQueryClient();
  const [from, setFrom] = useState<ProjectRole | ''>(project.mfaFrom ?? '');
  const save = useAct({
    mutationFn: () => api.projects.requireMfa(project.id, from || null),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey });
      say(t('mfa.projectSaved'));
    },
  });
  return (
    <Card pad title={t('mfa.projectTitle')}>
      <form className={layout.form} noValidate onSubmit={event => {
        event.preventDefault();
        save.run();
      }}>
        {save.error && <ErrorBanner reason={explain(save.error)} />}
        <SelectField label={t('mfa.projectFrom')} hint={t('mfa.projectHint')} value={from} onChange={event => setFrom(event.target.value as ProjectRole | '')}>
          <option value="">{t('mfa.projectNobody')}</option>
          {roles.map(role => <option key={role} value={role}>{t(`role.${role}`)}</option>)}
        </SelectField>
        <div><Button type="submit" busy={save.isPending} aria-disabled={from === (project.mfaFrom ?? '')}>{t('security.save')}</Button></div>
      </form>
    </Card>
  );
}
