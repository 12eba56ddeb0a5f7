import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, type Project } from '../../api';
import { Badge, Banner, Button, Cancel, Card, Dialog, ErrorBanner, layout, say } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { projectQuery } from './queries';

/** Whether people appear by name or by pseudonym. */
export function Anonymization({ project }: { readonly project: Project }) {
  const [asking, setAsking] = useState(false);
  return (
    <Card pad title={t('anonymous.title')}>
      <div className={layout.row}>
        <Badge tone={project.anonymized ? 'good' : 'neutral'}>{project.anonymized ? t('anonymous.on') : t('anonymous.off')}</Badge>
        <Button onClick={() => setAsking(true)}>{project.anonymized ? t('anonymous.turnOff') : t('anonymous.turnOn')}</Button>
      </div>
      <p className={layout.muted}>{project.anonymized ? t('anonymous.onBody') : t('anonymous.offBody')}</p>
      {asking && <Switch project={project} onClose={() => setAsking(false)} />}
    </Card>
  );
}

function Switch({ project, onClose }: { readonly project: Project; readonly onClose: () => void }) {
  const client = useQueryClient();
  const on = !project.anonymized;
  const change = useAct({
    mutationFn: () => api.projects.anonymize(project.id, on),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey });
      say(on ? t('anonymous.nowOn') : t('anonymous.nowOff'));
      onClose();
    },
  });
  return (
    <Dialog title={on ? t('anonymous.turnOnTitle') : t('anonymous.turnOffTitle')} onClose={onClose} onSubmit={change.run}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={change.isPending}>{on ? t('anonymous.turnOn') : t('anonymous.turnOff')}</Button></>}>
      {change.error && <ErrorBanner reason={explain(change.error)} />}
      <p>{on ? t('anonymous.turnOnBody') : t('anonymous.turnOffBody')}</p>
      {!on && <Banner tone="warn" title={t('anonymous.names')}>{t('anonymous.namesBody')}</Banner>}
    </Dialog>
  );
}
