import { useQueryClient } from '@tanstack/react-query';
import Bowser from 'bowser';
import { useState } from 'react';
import { api, explain, fieldError, isProblem, type PasskeyRow, type Profile } from '../../api';
import { Badge, Button, Cancel, Card, Confirm, Dialog, EmptyState, ErrorBanner, layout, say, Table, TextField, When, type Column } from '../../ui';
import { t } from '../../words';
import { makePasskey, passkeysPossible } from '../session/passkeys';
import { sessionQuery } from '../session/session';
import { useAct } from '../useAct';
import { profileQuery } from './profileQuery';
import { RecoveryCodes } from './RecoveryCodes';

const longestName = 100;

/** Ways in that the person's devices keep: made, named, and taken away again. */
export function Passkeys({ profile }: { readonly profile: Profile }) {
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [renamed, setRenamed] = useState<PasskeyRow>();
  const [removed, setRemoved] = useState<PasskeyRow>();
  const [codes, setCodes] = useState<readonly string[]>();
  const anew = () => Promise.all([client.invalidateQueries({ queryKey: profileQuery.queryKey }), client.invalidateQueries({ queryKey: sessionQuery.queryKey })]);
  const last = profile.passkeys.length === 1 && !profile.hasAuthenticator;
  const remove = useAct({
    mutationFn: (row: PasskeyRow) => api.profile.removePasskey(row.id, last),
    onSuccess: async () => {
      await anew();
      setRemoved(undefined);
      say(t('passkeys.removed'));
    },
  });
  const columns: readonly Column<PasskeyRow>[] = [
    { key: 'name', head: t('field.name'), width: 220, cell: row => <>{row.name} {row.synced && <Badge title={t('passkeys.syncedHint')}>{t('passkeys.synced')}</Badge>}</>, title: row => row.name },
    { key: 'used', head: t('passkeys.used'), cell: row => row.lastUsedAt ? <When at={row.lastUsedAt} /> : t('passkeys.never') },
    { key: 'since', head: t('field.since'), cell: row => <When at={row.createdAt} /> },
    { key: 'act', head: t('passkeys.acts'), width: 200, cell: row => (
      <div className={layout.row}>
        <Button aria-label={t('passkeys.renameOf', { name: row.name })} onClick={() => setRenamed(row)}>{t('passkeys.rename')}</Button>
        <Button aria-label={t('passkeys.removeOf', { name: row.name })} onClick={() => {
          remove.reset();
          setRemoved(row);
        }}>{t('passkeys.remove')}</Button>
      </div>
    ) },
  ];
  return (
    <Card title={t('passkeys.title')} actions={passkeysPossible() && <Button onClick={() => setAdding(true)}>{t('passkeys.add')}</Button>}>
      {profile.passkeys.length > 0
        ? <Table rows={profile.passkeys} columns={columns} id={row => row.id} label={t('passkeys.title')} />
        : <EmptyState title={t('passkeys.none')}>{passkeysPossible() ? t('passkeys.body') : t('passkeys.impossible')}</EmptyState>}
      {adding && <AddPasskey onClose={() => setAdding(false)} onDone={async made => {
        await anew();
        setAdding(false);
        if (made.length > 0) setCodes(made);
        else say(t('passkeys.added'));
      }} />}
      {renamed && <RenamePasskey row={renamed} onClose={() => setRenamed(undefined)} />}
      {removed && <Confirm title={t('passkeys.removeTitle', { name: removed.name })} act={t('passkeys.remove')} busy={remove.isPending} reason={remove.error ? explain(remove.error) : undefined} onConfirm={() => remove.run(removed)} onClose={() => setRemoved(undefined)}>
        {last ? t('passkeys.removeLast') : t('passkeys.removeBody')}
      </Confirm>}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(undefined)} />}
    </Card>
  );
}

/** What most people would call the device that they sit at. */
function deviceName(): string {
  const { browser, os } = Bowser.parse(navigator.userAgent || '-');
  return browser.name && os.name ? t('sessions.browserOn', { browser: browser.name, system: os.name }) : browser.name ?? '';
}

function AddPasskey({ onDone, onClose }: { readonly onDone: (recoveryCodes: readonly string[]) => void; readonly onClose: () => void }) {
  const [name, setName] = useState(deviceName);
  const [asked, setAsked] = useState(false);
  const add = useAct({
    mutationFn: async () => api.profile.addPasskey(name.trim(), await makePasskey(await api.profile.askForNewPasskey())),
    onSuccess: made => onDone(made.recoveryCodes),
  });
  return (
    <Dialog title={t('passkeys.add')} onClose={onClose} onSubmit={() => {
      setAsked(true);
      if (name.trim()) add.run();
    }} foot={<><Cancel /><Button kind="primary" type="submit" busy={add.isPending}>{t('passkeys.make')}</Button></>}>
      {add.error && !fieldError(add.error, 'name') && <ErrorBanner reason={explain(add.error)} />}
      <p>{t('passkeys.addBody')}</p>
      <TextField label={t('field.name')} hint={t('passkeys.nameHint')} maxLength={longestName} value={name} error={asked && !name.trim() ? t('field.required') : fieldError(add.error, 'name')} onChange={event => setName(event.target.value)} />
    </Dialog>
  );
}

function RenamePasskey({ row, onClose }: { readonly row: PasskeyRow; readonly onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState(row.name);
  const rename = useAct({
    mutationFn: () => api.profile.renamePasskey(row.id, name.trim()),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: profileQuery.queryKey });
      onClose();
    },
  });
  const gone = isProblem(rename.error, 'not_found');
  return (
    <Dialog title={t('passkeys.rename')} onClose={onClose} loses={name !== row.name && t('form.loses')} onSubmit={() => name.trim() && rename.run()}
      foot={<><Cancel /><Button kind="primary" type="submit" busy={rename.isPending} aria-disabled={gone}>{t('passkeys.save')}</Button></>}>
      {rename.error && !fieldError(rename.error, 'name') && <ErrorBanner reason={explain(rename.error)} />}
      <TextField label={t('field.name')} maxLength={longestName} value={name} error={name.trim() ? fieldError(rename.error, 'name') : t('field.required')} onChange={event => setName(event.target.value)} />
    </Dialog>
  );
}
