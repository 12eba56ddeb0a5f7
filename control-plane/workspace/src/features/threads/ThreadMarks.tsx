import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleHelp } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import type { ThreadItem } from '../../api';
import { boundsOf, clampPoint, screenPoint, toImage, toScreen, imagePoint, type Workspace } from '../../engine';
import { classes } from '../../ui';
import { t } from '../../words';
import { plainText } from './mentions';
import css from './Threads.module.css';
import { threadsOfAsset } from './threadsQuery';

interface MarksProps {
  readonly projectId: string;
  readonly assetId: string;
  readonly workspace: Workspace;
  readonly choosing: boolean;
  readonly onOpen: (thread: ThreadItem) => void;
  readonly onPlace: (place: { readonly x: number; readonly y: number }) => void;
}

/** Where in the picture threads are: marks that move with it. They are moved by hand, so that panning draws nothing of React anew. */
export function ThreadMarks({ projectId, assetId, workspace, choosing, onOpen, onPlace }: MarksProps) {
  const { data } = useQuery(threadsOfAsset(projectId, assetId));
  const layer = useRef<HTMLDivElement>(null);
  const marked = (data?.items ?? []).filter(thread => thread.status === 'open' && (thread.anchor.kind === 'point' || thread.anchor.kind === 'object'));
  useLayoutEffect(() => {
    const place = () => {
      for (const mark of layer.current?.querySelectorAll<HTMLElement>('[data-thread]') ?? []) {
        const thread = marked.find(one => one.id === mark.dataset.thread);
        const at = thread && pointOf(workspace, thread);
        mark.hidden = !at;
        if (!at) continue;
        const { x, y } = toScreen(workspace.state.view, imagePoint(at.x, at.y));
        mark.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
      }
    };
    place();
    return workspace.subscribe(place);
  });
  return (
    <div ref={layer} className={classes(css.marks, choosing && css.choosing)} onPointerDown={event => {
      if (!choosing || event.target !== event.currentTarget) return;
      const box = event.currentTarget.getBoundingClientRect();
      const at = clampPoint(toImage(workspace.state.view, screenPoint(event.clientX - box.left, event.clientY - box.top)), workspace.size);
      event.preventDefault();
      onPlace({ x: at.x, y: at.y });
    }}>
      {marked.map(thread => (
        <button key={thread.id} type="button" data-thread={thread.id} className={classes(css.mark, thread.kind === 'issue' && css.issue)} title={plainText(thread.opening, thread.mentions)}
          aria-label={t('thread.mark', { kind: t(`thread.kind.${thread.kind}`), text: plainText(thread.opening, thread.mentions) })} onClick={() => onOpen(thread)}>{thread.kind === 'issue' ? <CircleAlert size={14} aria-hidden /> : <CircleHelp size={14} aria-hidden />}</button>
      ))}
    </div>
  );
}

/** An object's upper right corner, or the point itself; nothing when the object is not in the label any more. */
function pointOf(workspace: Workspace, { anchor }: ThreadItem): { readonly x: number; readonly y: number } | undefined {
  if (anchor.kind === 'point' && anchor.x !== null && anchor.y !== null) return { x: anchor.x, y: anchor.y };
  const shape = anchor.objectId ? workspace.shapeOf(anchor.objectId) : undefined;
  if (!shape) return undefined;
  const { x, y, w } = boundsOf(shape.kind, shape.object.geometry);
  return { x: x + w, y };
}
