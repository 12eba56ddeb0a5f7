import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { noLiteralText } from './scripts/no-literal-text.js';

/** Imports run features → render → engine, never back. Each folder lists what it may not reach. */
const layer = (folder, forbidden, extra = []) => ({
  files: [`src/${folder}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [
        ...forbidden.map(name => ({
          regex: `^(\\.\\./)+${name}(/|$)`,
          message: `src/${folder} does not import src/${name}: imports run features → render → engine.`,
        })),
        ...extra,
      ],
    }],
  },
});

const noReact = { regex: '^react(-dom)?(/|$)', message: 'The engine knows no React.' };

export default tseslint.config(
  { ignores: ['dist/**', 'src/api/schema.d.ts', 'node_modules/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks, house: { rules: { 'no-literal-text': noLiteralText } } },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'house/no-literal-text': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  layer('engine', ['render', 'features', 'app', 'ui', 'media', 'api', 'words'], [noReact]),
  {
    files: ['src/engine/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', 'window', 'document', 'fetch', 'navigator', 'localStorage', 'indexedDB'],
    },
  },
  layer('render', ['features', 'app', 'media', 'api']),
  layer('media', ['features', 'app', 'ui', 'render', 'engine', 'words'], [noReact]),
  layer('api', ['features', 'app', 'ui', 'render', 'media'], [noReact]),
  layer('ui', ['features', 'app', 'render', 'engine', 'media', 'api']),
  layer('words', ['features', 'app', 'ui', 'render', 'engine', 'media', 'api']),
  layer('features', ['app']),
  { files: ['**/*.test.{ts,tsx}'], rules: { 'house/no-literal-text': 'off', '@typescript-eslint/no-non-null-assertion': 'off' } },
);
