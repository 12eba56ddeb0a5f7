// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import { speak } from '../../words';
import { keepAddress, Markdown } from './Markdown';

beforeAll(() => speak('en'));

const show = (text: string) => render(<QueryClientProvider client={new QueryClient()}><Markdown projectId="p" text={text} /></QueryClientProvider>).container;

test('HTML in the text never becomes part of the page', () => {
  const page = show('Before <img src="https://evil.test/x.png" onerror="alert(1)"> <b>bold</b>\n\n<script>alert(1)</script>\n\n<iframe src="https://evil.test"></iframe>\n\nAfter');
  expect(page.querySelector('img, script, iframe, b')).toBeNull();
  expect(page.textContent).toContain('Before');
  expect(page.textContent).toContain('After');
});

test('no picture of another place is drawn or fetched', () => {
  const page = show('![chart](https://evil.test/x.png) ![data](data:image/png;base64,AAAA) ![own](/asset/view.p/a)');
  expect(page.querySelector('img, canvas')).toBeNull();
  expect(page.textContent).toContain('chart');
});

test.each(['javascript:alert(1)', 'vbscript:x', 'data:text/html,x'])('a link to %s leads nowhere', address => {
  expect(show(`[here](${address})`).querySelector('a')).toBeNull();
});

test('a link opens elsewhere and tells nothing of here', () => {
  const link = show('[here](https://example.org/a)').querySelector('a');
  expect(link?.getAttribute('href')).toBe('https://example.org/a');
  expect(link?.getAttribute('rel')).toContain('noreferrer');
});

test('only pictures of the project keep their address', () => {
  expect(keepAddress('picture:01234567-89ab-7cde-8f01-23456789abcd', 'src')).toBe('picture:01234567-89ab-7cde-8f01-23456789abcd');
  expect(keepAddress('picture:x', 'src')).toBe('');
  expect(keepAddress('picture:01234567-89ab-7cde-8f01-23456789abcd', 'href')).toBe('');
});

test('tables and lists are drawn', () => {
  const page = show('| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two');
  expect(page.querySelectorAll('td')).toHaveLength(2);
  expect(page.querySelectorAll('li')).toHaveLength(2);
});
