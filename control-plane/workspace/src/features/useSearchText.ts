import { useEffect, useState } from 'react';

const pauseMilliseconds = 250;

/** What is typed into a search field. The address follows after a pause, so that each letter is not a request; the field follows the address. */
export function useSearchText(asked: string | undefined, ask: (text: string | undefined) => void) {
  const [text, setText] = useState(asked ?? '');
  const [seen, setSeen] = useState(asked);
  if (asked !== seen) {
    setSeen(asked);
    if ((asked ?? '') !== text.trim()) setText(asked ?? '');
  }
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === (asked ?? '')) return;
    const timer = setTimeout(() => ask(wanted || undefined), pauseMilliseconds);
    return () => clearTimeout(timer);
  });
  return { text, setText, clear: () => setText('') };
}
