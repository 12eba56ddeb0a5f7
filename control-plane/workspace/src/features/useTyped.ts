import { useEffect, useRef, useState } from 'react';
import { whenLanguageChanges } from '../words';

/** What is carried over while everything is drawn anew; empty at any other time. */
const carried = new Map<string, string>();

/** A text that somebody types on a page where the language can be changed: everything is drawn anew then, and the text stays. */
export function useTyped(name: string): readonly [text: string, change: (text: string) => void] {
  const [text, change] = useState(() => carried.get(name) ?? '');
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  }, [text]);
  useEffect(() => {
    carried.delete(name);
    return whenLanguageChanges(() => void carried.set(name, latest.current));
  }, [name]);
  return [text, change];
}
