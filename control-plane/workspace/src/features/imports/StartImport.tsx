import { useState } from 'react';
import { api, explain, fieldError } from '../../api';
import { Button, Cancel, Dialog, ErrorBanner, layout, SelectField, TextArea, TextField } from '../../ui';
import { t } from '../../words';
import { useProject } from '../projects/ProjectFrame';
import { useAct } from '../useAct';

const lines = (text: string) => text.split('\n').map(line => line.trim()).filter(Boolean);

export function StartImport({ onClose, onStarted }: { readonly onClose: () => void; readonly onStarted: () => Promise<void> }) {
  const project = useProject();
  const [connectionId, setConnectionId] = useState(project.connections[0]?.id ?? '');
  const [prefix, setPrefix] = useState('');
  const [include, setInclude] = useState('');
  const [exclude, setExclude] = useState('');
  const start = useAct({
    mutationFn: () => api.imports.start(project.id, { connectionId, prefix: prefix.trim(), include: lines(include), exclude: lines(exclude) }),
    onSuccess: async () => {
      await onStarted();
      onClose();
    },
  });
  return (
    <Dialog title={t('imports.start')} onClose={onClose} loses={(prefix || include || exclude) && t('form.loses')} onSubmit={() => connectionId && start.run()}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={start.isPending} aria-disabled={!connectionId}>{t('imports.start')}</Button></>}>
      {start.error && <ErrorBanner reason={explain(start.error)} />}
      <SelectField label={t('imports.connection')} value={connectionId} disabled={project.connections.length === 0} error={fieldError(start.error, 'connectionId')} hint={project.connections.length === 0 ? t('imports.noConnection') : undefined} onChange={event => setConnectionId(event.target.value)}>
        {project.connections.map(one => <option key={one.id} value={one.id}>{one.name}</option>)}
      </SelectField>
      <TextField label={t('imports.prefix')} optional maxLength={1024} spellCheck={false} autoComplete="off" hint={t('imports.prefixHint')} value={prefix} error={fieldError(start.error, 'prefix')} onChange={event => setPrefix(event.target.value)} />
      <div className={layout.two}>
        <TextArea label={t('imports.include')} optional code rows={3} hint={t('imports.globHint')} placeholder={t('imports.includeExample')} value={include} error={fieldError(start.error, 'include')} onChange={event => setInclude(event.target.value)} />
        <TextArea label={t('imports.exclude')} optional code rows={3} hint={t('imports.globHint')} placeholder={t('imports.excludeExample')} value={exclude} error={fieldError(start.error, 'exclude')} onChange={event => setExclude(event.target.value)} />
      </div>
    </Dialog>
  );
}
