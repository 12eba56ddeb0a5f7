import '../ui/tokens.css';
import '../ui/base.css';
import './connect.css';
import { applyTheme } from '../app/theme';
import { languageHere, speak, t } from '../words';
import { networkPermission } from '../media/networkPermission';

/*
 * The one page that may talk to an agent and its storage. Chromium lets a public page reach a private address only by a permission that
 * it asks for when a page (never a worker) fetches; so this page fetches once, on a click, and reads nothing of the answers.
 */
type Shown = 'unknown' | 'ask' | 'trying' | 'connected' | 'denied' | 'unreachable';

const patience = 60_000;
const place = document.getElementById('connect');
const origins = (document.querySelector<HTMLMetaElement>('meta[name="hybrid-origins"]')?.content ?? '').split(' ').filter(Boolean);

function element<K extends keyof HTMLElementTagNameMap>(tag: K, text: string, className = ''): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function show(state: Shown, failed: readonly string[] = []): void {
  document.title = t('connect.title');
  const parts: HTMLElement[] = [element('h1', t('connect.title')), element('p', t(`connect.${state}`))];
  if (failed.length > 0) {
    const list = element('ul', '');
    list.append(...failed.map(origin => element('li', origin, 'mono')));
    parts.push(list);
  }
  const acts = element('div', '', 'acts');
  if (state === 'ask' || state === 'denied' || state === 'unreachable') {
    const button = element('button', t(state === 'ask' ? 'connect.act' : 'connect.again'), 'primary');
    button.addEventListener('click', () => void connect());
    acts.append(button);
  }
  const back = element('a', t('connect.back'));
  back.href = '/';
  acts.append(back);
  parts.push(acts);
  place?.replaceChildren(...parts);
  if (state !== 'trying') place?.querySelector<HTMLElement>('button, a')?.focus();
}

/** Whether somebody answered at all: what was said is nobody's business here. */
async function answers(origin: string): Promise<boolean> {
  try {
    await fetch(origin, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(patience) });
    return true;
  } catch {
    return false;
  }
}

async function connect(): Promise<void> {
  show('trying');
  const failed: string[] = [];
  for (const origin of origins) {
    if (!await answers(origin)) failed.push(origin);
  }
  if (failed.length === 0) show('connected');
  else show(await networkPermission() === 'denied' ? 'denied' : 'unreachable', failed);
}

async function begin(): Promise<void> {
  if (origins.length === 0) show('unknown');
  else if (await networkPermission() === 'denied') show('denied');
  else show('ask');
}

applyTheme();
void speak(languageHere()).then(begin);
