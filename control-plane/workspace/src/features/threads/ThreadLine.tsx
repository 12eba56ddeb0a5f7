import { CircleCheck, CircleDot, CircleHelp, CircleSlash, type LucideIcon } from 'lucide-react';
import type { ThreadItem } from '../../api';
import { Badge, Hidden, When, type Tone } from '../../ui';
import { t } from '../../words';
import { plainText } from './mentions';
import css from './Threads.module.css';

const looks: Readonly<Record<ThreadItem['status'], readonly [Tone, LucideIcon]>> = { open: ['info', CircleDot], solved: ['good', CircleCheck], cancelled: ['neutral', CircleSlash] };

/** What it is and where it stands. */
export function ThreadBadge({ thread }: { readonly thread: ThreadItem }) {
  const [tone, icon] = looks[thread.status];
  return thread.status === 'open'
    ? <Badge tone={thread.kind === 'issue' ? 'warn' : tone} icon={thread.kind === 'issue' ? icon : CircleHelp}>{t(`thread.kind.${thread.kind}`)}</Badge>
    : <Badge tone={tone} icon={icon}>{t(`thread.status.${thread.status}`)}</Badge>;
}

interface LineProps {
  readonly thread: ThreadItem;
  readonly current: boolean;
  /** The list is of more than one asset. */
  readonly named?: boolean;
  readonly onOpen: () => void;
}

/** A thread in a list. */
export function ThreadLine({ thread, current, named = false, onOpen }: LineProps) {
  return (
    <li>
      <button type="button" className={css.item} aria-current={current} onClick={onOpen}>
        <span className={css.itemHead}>
          {thread.unread && <><i className={css.new} aria-hidden /><Hidden>{t('thread.unread')}</Hidden></>}
          <ThreadBadge thread={thread} />
          {named && <span className={css.small}>{thread.asset}</span>}
          {thread.becameGuideline !== null && <span className={css.small}>{t('thread.became', { version: thread.becameGuideline })}</span>}
        </span>
        <span className={css.opening}>{plainText(thread.opening, thread.mentions)}</span>
        <span className={css.small}>{[thread.by?.name, thread.assignee && t('thread.for', { name: thread.assignee.name })].filter(Boolean).join(' · ')} <When at={thread.changedAt} /></span>
      </button>
    </li>
  );
}
