/** Where a key counts. */
export type KeyScope =
  /** Wherever nobody types. */
  | 'always'
  /** Also while somebody types. */
  | 'typing'
  /** While the picture has the focus. */
  | 'picture'
  /** While a label may be changed. */
  | 'editing'
  /** On a review, before it is corrected. */
  | 'judging'
  /** On a review. */
  | 'review';

export type KeyGroup = 'tools' | 'drawing' | 'objects' | 'edit' | 'view' | 'work' | 'review';

interface Row {
  readonly id: string;
  readonly group: KeyGroup;
  /** Chords such as `Ctrl+Shift+Z`; Ctrl stands for Command on a Mac. */
  readonly keys: readonly string[];
  readonly scope: KeyScope;
}

/** The one table of keys: the page obeys it, and the sheet under `?` prints it. The first row that fits counts. */
export const keyTable = [
  { id: 'select', group: 'tools', keys: ['V'], scope: 'editing' },
  { id: 'box', group: 'tools', keys: ['R'], scope: 'editing' },
  { id: 'polygon', group: 'tools', keys: ['P'], scope: 'editing' },
  { id: 'polyline', group: 'tools', keys: ['L'], scope: 'editing' },
  { id: 'point', group: 'tools', keys: ['K'], scope: 'editing' },
  { id: 'score', group: 'review', keys: ['1', '2', '3', '4', '5'], scope: 'judging' },
  { id: 'class', group: 'tools', keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], scope: 'editing' },

  { id: 'complete', group: 'drawing', keys: ['Enter'], scope: 'picture' },
  { id: 'back', group: 'drawing', keys: ['Backspace'], scope: 'editing' },
  { id: 'cancel', group: 'drawing', keys: ['Esc'], scope: 'always' },
  { id: 'place', group: 'drawing', keys: ['Space'], scope: 'picture' },

  { id: 'next', group: 'objects', keys: ['Tab'], scope: 'picture' },
  { id: 'previous', group: 'objects', keys: ['Shift+Tab'], scope: 'picture' },
  { id: 'stepNext', group: 'review', keys: ['↓'], scope: 'judging' },
  { id: 'stepPrevious', group: 'review', keys: ['↑'], scope: 'judging' },
  { id: 'nudge', group: 'objects', keys: ['←', '↑', '→', '↓'], scope: 'editing' },
  { id: 'nudgeFar', group: 'objects', keys: ['Shift+←', 'Shift+↑', 'Shift+→', 'Shift+↓'], scope: 'editing' },
  { id: 'nextHandle', group: 'objects', keys: ['.'], scope: 'editing' },
  { id: 'previousHandle', group: 'objects', keys: [','], scope: 'editing' },
  { id: 'insertVertex', group: 'objects', keys: ['I'], scope: 'editing' },
  { id: 'front', group: 'objects', keys: [']'], scope: 'editing' },
  { id: 'bottom', group: 'objects', keys: ['['], scope: 'editing' },
  { id: 'hide', group: 'objects', keys: ['H'], scope: 'always' },
  { id: 'showAll', group: 'objects', keys: ['Shift+H'], scope: 'always' },
  { id: 'lock', group: 'objects', keys: ['Shift+L'], scope: 'editing' },

  { id: 'undo', group: 'edit', keys: ['Ctrl+Z'], scope: 'editing' },
  { id: 'redo', group: 'edit', keys: ['Ctrl+Shift+Z', 'Ctrl+Y'], scope: 'editing' },
  { id: 'delete', group: 'edit', keys: ['Del'], scope: 'editing' },
  { id: 'selectAll', group: 'edit', keys: ['Ctrl+A'], scope: 'always' },
  { id: 'copy', group: 'edit', keys: ['Ctrl+C'], scope: 'always' },
  { id: 'paste', group: 'edit', keys: ['Ctrl+V'], scope: 'editing' },
  { id: 'pasteInPlace', group: 'edit', keys: ['Ctrl+Shift+V'], scope: 'editing' },
  { id: 'duplicate', group: 'edit', keys: ['Ctrl+D'], scope: 'editing' },

  { id: 'fit', group: 'view', keys: ['F'], scope: 'always' },
  { id: 'fullSize', group: 'view', keys: ['0'], scope: 'always' },
  { id: 'zoomIn', group: 'view', keys: ['+', '='], scope: 'always' },
  { id: 'zoomOut', group: 'view', keys: ['-'], scope: 'always' },
  { id: 'picture', group: 'view', keys: ['W'], scope: 'always' },

  { id: 'comment', group: 'work', keys: ['C'], scope: 'always' },
  { id: 'guidelines', group: 'work', keys: ['G'], scope: 'always' },
  { id: 'submit', group: 'work', keys: ['Ctrl+Enter'], scope: 'typing' },
  { id: 'skip', group: 'work', keys: ['Ctrl+Shift+Enter'], scope: 'typing' },

  { id: 'approve', group: 'review', keys: ['A'], scope: 'review' },
  { id: 'correct', group: 'review', keys: ['E'], scope: 'review' },
  { id: 'sendBack', group: 'review', keys: ['J'], scope: 'review' },
  { id: 'compare', group: 'review', keys: ['D'], scope: 'review' },
] as const satisfies readonly Row[];

export type KeyAction = (typeof keyTable)[number]['id'];

/** What a keyboard event says, however the browser words it. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const names: Readonly<Record<string, string>> = {
  ' ': 'Space', Escape: 'Esc', Delete: 'Del', ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓',
};

/** The press as a chord of the table. Shift is part of it for letters and named keys only: signs already are what Shift made of them. */
export function chordOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress): string {
  const name = names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  const shifts = shiftKey && (name.length > 1 || /\p{L}|[←→↑↓]/u.test(name));
  return `${ctrlKey || metaKey ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${shifts ? 'Shift+' : ''}${name}`;
}

/** What the page is in when a key is pressed. */
export interface KeySituation {
  readonly typing: boolean;
  readonly onPicture: boolean;
  readonly editing: boolean;
  readonly review: boolean;
}

const counts = (scope: KeyScope, { typing, onPicture, editing, review }: KeySituation): boolean => {
  switch (scope) {
    case 'typing': return true;
    case 'picture': return !typing && onPicture;
    case 'editing': return !typing && editing;
    case 'judging': return !typing && review && !editing;
    case 'review': return !typing && review;
    default: return !typing;
  }
};

/** The act that a chord asks for here. */
export const actionOf = (chord: string, situation: KeySituation): KeyAction | undefined =>
  keyTable.find(row => (row.keys as readonly string[]).includes(chord) && counts(row.scope, situation))?.id;

/** The keys of an act, as printed beside it. */
export const keysOf = (action: KeyAction): string => (keyTable.find(row => row.id === action)?.keys[0] ?? '').replace('Enter', '↵');
