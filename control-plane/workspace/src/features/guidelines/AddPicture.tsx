import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, explain, fieldError } from '../../api';
import { Button, Cancel, Dialog, ErrorBanner, layout, SelectField, TextField } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { GuidelinePicture } from './GuidelinePicture';
import css from './Guidelines.module.css';

interface AddProps {
  readonly projectId: string;
  readonly onPick: (id: string, name: string) => void;
  readonly onClose: () => void;
}

/** Chooses a picture that was added before, or adds one: an object of the project's storage, by its connection and key. */
export function AddPicture({ projectId, onPick, onClose }: AddProps) {
  const client = useQueryClient();
  const [connection, setConnection] = useState('');
  const [key, setKey] = useState('');
  const pictures = useQuery({ queryKey: ['guideline-pictures', projectId], queryFn: ({ signal }) => api.guidelines.pictures(projectId, signal) });
  const connections = useQuery({ queryKey: ['project-connections', projectId], queryFn: ({ signal }) => api.projects.connections(projectId, signal) });
  const admitted = (connections.data?.items ?? []).filter(one => one.admitted);
  const chosen = connection || admitted[0]?.id;
  const add = useAct({
    mutationFn: () => api.guidelines.addPicture(projectId, { assetId: null, connectionId: chosen ?? null, key: key.trim() }),
    onSuccess: async picture => {
      await client.invalidateQueries({ queryKey: ['guideline-pictures', projectId] });
      onPick(picture.id, picture.name);
    },
  });
  const ready = chosen !== undefined && key.trim() !== '';
  return (
    <Dialog wide title={t('guide.addPicture')} onClose={onClose} onSubmit={() => ready && add.run()}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={add.isPending} aria-disabled={!ready}>{t('guide.addThis')}</Button></>}>
      {add.error && <ErrorBanner reason={explain(add.error)} />}
      {connections.error && <ErrorBanner reason={explain(connections.error)} />}
      <p className={layout.muted}>{t('guide.pictureLead')}</p>
      <div className={layout.two}>
        <SelectField label={t('guide.connection')} value={chosen ?? ''} onChange={event => setConnection(event.target.value)}>{admitted.map(one => <option key={one.id} value={one.id}>{one.name}</option>)}</SelectField>
        <TextField label={t('guide.key')} hint={t('guide.keyHint')} value={key} error={fieldError(add.error, 'key')} onChange={event => setKey(event.target.value)} />
      </div>
      <h3>{t('guide.addedBefore')}</h3>
      {pictures.error && <ErrorBanner reason={explain(pictures.error)} />}
      {pictures.data?.items.length === 0 && <p className={layout.muted}>{t('guide.noPictures')}</p>}
      <div className={css.pictures}>{(pictures.data?.items ?? []).map(one => (
        <button key={one.id} type="button" className={css.pick} onClick={() => onPick(one.id, one.name)}><GuidelinePicture projectId={projectId} pictureId={one.id} alt={one.name} /></button>
      ))}</div>
    </Dialog>
  );
}
