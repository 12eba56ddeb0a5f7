import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, MapPin, MessageSquarePlus, X } from 'lucide-react';
import { api, explain, type ThreadAnchor, type ThreadItem, type ThreadKind } from '../../api';
import { reveal, type Workspace } from '../../engine';
import { numberOf } from '../annotate/objectNumbers';
import { pickSelection, useWorkspace } from '../annotate/useWorkspace';
import { may, projectQuery } from '../projects/queries';
import { useAct } from '../useAct';
import { Button, CompactSelect, ErrorBanner, IconButton, layout, Skeleton } from '../../ui';
import { figure, t } from '../../words';
import { Composer } from './Composer';
import { ThreadLine } from './ThreadLine';
import { ThreadView, useThreadsChanged } from './ThreadView';
import css from './Threads.module.css';
import { threadsOfAsset } from './threadsQuery';
import { useEffect, useState } from 'react';

/** What the panel shows: the list, one thread, or a new one. */
export type Talk = { readonly kind: 'list' } | { readonly kind: 'thread'; readonly id: string } | { readonly kind: 'new'; readonly place?: { readonly x: number; readonly y: number } };

interface PanelProps {
  readonly projectId: string;
  readonly asset: { readonly id: string };
  readonly workspace: Workspace;
  readonly talk: Talk;
  readonly onTalk: (talk: Talk | undefined) => void;
  /** The next click on the picture is the place of a new thread. */
  readonly choosing: boolean;
  readonly onChoose: (choosing: boolean) => void;
}

/** Issues and questions about the asset on the desk. */
export function ThreadPanel({ projectId, asset, workspace, talk, onTalk, choosing, onChoose }: PanelProps) {
  const { data, error, isPending } = useQuery(threadsOfAsset(projectId, asset.id));
  const show = (thread: ThreadItem) => {
    if (thread.anchor.objectId && workspace.state.document.objects.some(one => one.id === thread.anchor.objectId)) reveal(workspace, thread.anchor.objectId);
    onTalk({ kind: 'thread', id: thread.id });
  };
  return (
    <section className={css.panel} aria-label={t('thread.title')}>
      <div className={css.head}>
        {talk.kind !== 'list' && <IconButton icon={ArrowLeft} label={t('thread.back')} onClick={() => onTalk({ kind: 'list' })} />}
        <h2>{t('thread.title')} {data && figure(data.items.length)}</h2>
        {talk.kind === 'list' && <Button icon={MessageSquarePlus} keys="C" onClick={() => onTalk({ kind: 'new' })}>{t('thread.new')}</Button>}
        <IconButton icon={X} label={t('act.close')} side="end" onClick={() => onTalk(undefined)} />
      </div>
      {talk.kind === 'list' && <>
        {error && <ErrorBanner reason={explain(error)} />}
        {isPending && <Skeleton width="100%" height={40} />}
        {data?.items.length === 0 && <p className={layout.muted}>{t('thread.noneHere')}</p>}
        <ul className={css.list}>{(data?.items ?? []).map(one => <ThreadLine key={one.id} thread={one} current={false} onOpen={() => show(one)} />)}</ul>
      </>}
      {talk.kind === 'thread' && <ThreadView projectId={projectId} threadId={talk.id} />}
      {talk.kind === 'new' && <NewThread projectId={projectId} assetId={asset.id} workspace={workspace} place={talk.place} choosing={choosing} onChoose={onChoose} onOpened={id => onTalk({ kind: 'thread', id })} />}
    </section>
  );
}

interface NewProps {
  readonly projectId: string;
  readonly assetId: string;
  readonly workspace: Workspace;
  readonly place: { readonly x: number; readonly y: number } | undefined;
  readonly choosing: boolean;
  readonly onChoose: (choosing: boolean) => void;
  readonly onOpened: (id: string) => void;
}

function NewThread({ projectId, assetId, workspace, place, choosing, onChoose, onOpened }: NewProps) {
  const { data: project } = useQuery(projectQuery(projectId));
  const judges = project !== undefined && may(project, 'task.review');
  const selection = useWorkspace(workspace, pickSelection);
  const selected = selection.size === 1 ? workspace.state.document.objects.find(object => selection.has(object.id)) : undefined;
  const [kind, setKind] = useState<ThreadKind>();
  const changed = useThreadsChanged(projectId);
  const shownKind = kind ?? (judges ? 'issue' : 'question');
  const anchor: ThreadAnchor = place ? { ...nothing, kind: 'point', x: Math.round(place.x * 1000) / 1000, y: Math.round(place.y * 1000) / 1000 }
    : selected ? { ...nothing, kind: 'object', objectId: selected.id } : { ...nothing, kind: 'asset' };
  const open = useAct({ mutationFn: (text: string) => api.threads.open(projectId, { assetId, kind: shownKind, anchor, text, assignee: null }) });
  const [done, setDone] = useState<() => void>();
  const { data: opened } = open;
  useEffect(() => {
    if (!opened) return;
    done?.();
    void changed();
    onOpened(opened.id);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when it is there
  }, [opened]);
  const about = place ? t('thread.about.point', { x: Math.round(place.x), y: Math.round(place.y) })
    : selected ? t('thread.about.object', { name: workspace.ontology.tool(selected.tool)?.name ?? selected.tool, number: numberOf(workspace.state.document, selected.id) }) : t('thread.about.asset');
  return (
    <Composer projectId={projectId} keep={`new ${assetId}`} label={t(`thread.write.${shownKind}`)} act={t(`thread.open.${shownKind}`)} busy={open.isPending} error={open.error} autoFocus
      onSend={(text, sent) => {
        setDone(() => sent);
        open.run(text);
      }}>
      <div className={css.acts}>
        {judges && <CompactSelect label={t('thread.kindLabel')} value={shownKind} onChange={event => setKind(event.target.value as ThreadKind)}><option value="issue">{t('thread.kind.issue')}</option><option value="question">{t('thread.kind.question')}</option></CompactSelect>}
        <span className={css.small}>{about}</span>
        <Button icon={MapPin} aria-pressed={choosing} onClick={() => onChoose(!choosing)}>{t('thread.choosePlace')}</Button>
      </div>
      {choosing && <p className={css.choose} role="status">{t('thread.clickPlace')}</p>}
    </Composer>
  );
}

const nothing = { objectId: null, x: null, y: null, start: null, end: null };
