import { useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { ImagePlus } from 'lucide-react';
import { useRef, useState } from 'react';
import { api, explain, fieldError, isProblem, type Guideline } from '../../api';
import type { Ontology } from '../../engine';
import { Banner, Button, Card, Check, CompactSelect, Confirm, ErrorBanner, layout, say, TextArea, TextField } from '../../ui';
import { t } from '../../words';
import { useAct } from '../useAct';
import { AddPicture } from './AddPicture';
import { GuidelineDiff } from './GuidelineDiff';
import { dropDraft, isSame, keepDraft, keptDraft, type GuidelineDraft } from './guidelineDraft';
import css from './Guidelines.module.css';
import { guidelinesQuery } from './guidelinesQuery';
import { Markdown } from './Markdown';

interface EditorProps {
  readonly projectId: string;
  readonly personId: string;
  readonly current: Guideline | undefined;
  readonly tools: Ontology['tools'];
  readonly onClose: () => void;
}

const general = '';
const most = { text: 100_000, section: 20_000, reason: 500 };

/** Writes the next version. What is typed is kept in this browser with each key; who comes second sees what changed before they publish. */
export function GuidelineEditor({ projectId, personId, current, tools, onClose }: EditorProps) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<GuidelineDraft>(() => keptDraft(projectId, personId)
    ?? { basedOn: current?.version ?? 0, text: current?.text ?? '', sections: current?.sections ?? {}, reason: '', mustRead: false });
  const [part, setPart] = useState(general);
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [unkept, setUnkept] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const written = { text: current?.text ?? '', sections: current?.sections ?? {} };
  const same = isSame(draft, written);
  const older = draft.basedOn !== (current?.version ?? 0);
  const change = (next: Partial<GuidelineDraft>) => {
    const changed = { ...draft, ...next };
    setDraft(changed);
    setUnkept(!keepDraft(projectId, personId, changed));
  };
  const shown = part === general ? draft.text : draft.sections[part] ?? '';
  const write = (text: string) => change(part === general ? { text } : { sections: { ...draft.sections, [part]: text } });
  const insert = (id: string, name: string) => {
    setAdding(false);
    const at = area.current?.selectionStart ?? shown.length;
    write(`${shown.slice(0, at)}![${name.split('/').at(-1) ?? name}](picture:${id})${shown.slice(at)}`);
    area.current?.focus();
  };
  const publish = useAct({
    mutationFn: () => api.guidelines.publish(projectId, draft.basedOn, { text: draft.text, sections: { ...draft.sections }, reason: draft.reason.trim(), mustRead: draft.mustRead }),
    onSuccess: async ({ version }) => {
      dropDraft(projectId, personId);
      say(t('guide.published', { version }));
      await Promise.all(['guidelines', 'guideline-versions', 'guideline-readings'].map(name => client.invalidateQueries({ queryKey: [name, projectId] })));
      onClose();
    },
    // Somebody was faster: their version is shown beside what was typed.
    onError: error => isProblem(error, 'guideline.stale') && client.invalidateQueries({ queryKey: guidelinesQuery(projectId).queryKey }),
  });
  const blocker = useBlocker({ shouldBlockFn: () => unkept && !same && !publish.isSuccess, enableBeforeUnload: () => unkept && !same && !publish.isSuccess, withResolver: true });
  const ready = draft.text.trim() !== '' && draft.reason.trim() !== '' && !older && (!same || draft.mustRead);
  const missing = !draft.text.trim() ? t('guide.needsText') : !draft.reason.trim() ? t('guide.needsReason') : same && !draft.mustRead ? t('guide.needsChange') : undefined;
  const [tried, setTried] = useState(false);
  return (
    <Card pad>
      <div className={layout.row}>
        <h2 className={layout.grow}>{t('guide.writing', { version: (current?.version ?? 0) + 1 })}</h2>
        <span className={layout.muted} role="status">{unkept ? t('guide.unkept') : t('guide.kept')}</span>
        <Button onClick={() => same && !draft.reason ? (dropDraft(projectId, personId), onClose()) : setLeaving(true)}>{t('act.discard')}</Button>
        <Button onClick={onClose}>{t('guide.later')}</Button>
        <Button kind={ready ? 'primary' : 'plain'} busy={publish.isPending} onClick={() => {
          setTried(true);
          if (ready) publish.run();
        }}>{t('guide.publish')}</Button>
      </div>
      {older && current && (
        <Banner tone="warn" title={t('guide.stale', { version: current.version })} action={<Button onClick={() => {
          publish.reset();
          change({ basedOn: current.version });
        }}>{t('guide.rebase', { version: current.version })}</Button>}>{t('guide.staleBody', { version: current.version })}</Banner>
      )}
      {publish.error && !older && <ErrorBanner reason={explain(publish.error)} />}
      {tried && missing && <p role="alert">{missing}</p>}
      <div className={css.write}>
        <div className={layout.stack}>
          <div className={layout.row}>
            <CompactSelect label={t('guide.part')} value={part} onChange={event => setPart(event.target.value)}>
              <option value={general}>{t('guide.forAll')}</option>
              {tools.map(tool => <option key={tool.id} value={tool.id}>{draft.sections[tool.id]?.trim() ? t('guide.partWritten', { name: tool.name }) : tool.name}</option>)}
              {Object.keys(draft.sections).filter(id => !tools.some(tool => tool.id === id)).map(id => <option key={id} value={id}>{id}</option>)}
            </CompactSelect>
            <span className={layout.grow} />
            <Button icon={ImagePlus} onClick={() => setAdding(true)}>{t('guide.addPicture')}</Button>
          </div>
          <TextArea label={part === general ? t('guide.text') : t('guide.section', { name: tools.find(tool => tool.id === part)?.name ?? part })} hint={t('guide.markdownHint')} rows={20} code
            maxLength={part === general ? most.text : most.section} value={shown} ref={area} onChange={event => write(event.target.value)} />
          <TextField label={t('guide.reason')} hint={t('guide.reasonHint')} maxLength={most.reason} value={draft.reason} error={fieldError(publish.error, 'reason')} onChange={event => change({ reason: event.target.value })} />
          <Check label={t('guide.requireReading')} hint={t('guide.requireReadingHint')} checked={draft.mustRead} onChange={event => change({ mustRead: event.target.checked })} />
        </div>
        <section className={css.preview} aria-label={t('guide.preview')}>
          <h2>{t('guide.preview')}</h2>
          {shown.trim() ? <Markdown projectId={projectId} text={shown} /> : <p className={layout.muted}>{t('guide.empty')}</p>}
        </section>
      </div>
      {current && (!same || older) && <details open={older}><summary>{t('guide.changesSince', { version: current.version })}</summary><GuidelineDiff before={written} after={draft} nameOf={id => tools.find(tool => tool.id === id)?.name ?? id} /></details>}
      {adding && <AddPicture projectId={projectId} onPick={insert} onClose={() => setAdding(false)} />}
      {leaving && <Confirm title={t('guide.discardTitle')} act={t('act.discard')} onClose={() => setLeaving(false)} onConfirm={() => {
        dropDraft(projectId, personId);
        onClose();
      }}>{t('guide.discardBody')}</Confirm>}
      {blocker.status === 'blocked' && <Confirm title={t('guide.discardTitle')} act={t('act.leave')} onConfirm={blocker.proceed} onClose={blocker.reset}>{t('guide.unkept')}</Confirm>}
    </Card>
  );
}
