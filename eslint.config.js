import js from '@eslint/js';
import { globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const nodeModules = {
  group: ['node:*', 'fs', 'path', 'os', 'child_process', 'worker_threads', 'vscode', 'vscode-*'],
  message: 'This layer runs without Node and VS Code.',
};
const clockAndChance = [
  { object: 'Math', property: 'random', message: 'Draws come from src/core/sampling/rng.ts, seeded.' },
  { object: 'Date', property: 'now', message: 'The caller passes the time.' },
];

const currentTime = {
  selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
  message: 'The caller passes the time.',
};

/** A default after an index hides that the index is outside of the array: a wrong value, and no error. */
const defaultsAfterIndex = ['[left.computed=true]', '[left.expression.computed=true]'].flatMap((index) =>
  ['[right.raw=/^\\d/]', '[right.type="UnaryExpression"]', '[right.name=/^(NaN|Infinity)$/]'].map((number) => ({
    selector: `LogicalExpression[operator="??"]${index}${number}`,
    message: 'If the index must be valid, use src/core/valueAt.ts. Else write the condition.',
  })),
);

/** Violations of the webviews' content security policy, and markup made from data. */
const webviewSyntax = [
  {
    selector: 'TaggedTemplateExpression[tag.name=/^(html|svg|css)$/] TemplateElement[value.raw=/\\sstyle=/]',
    message: 'An inline style violates the content security policy: use classMap or .style=${…}.',
  },
  {
    selector: 'TaggedTemplateExpression[tag.name=/^(html|svg)$/] TemplateElement[value.raw=/<style[\\s>]/]',
    message: 'A <style> element violates the content security policy: use static styles.',
  },
  {
    selector: 'TaggedTemplateExpression[tag.name=/^(html|svg)$/] TemplateElement[value.raw=/\\son[a-z]+=/]',
    message: 'An inline event handler violates the content security policy: use @event.',
  },
  {
    selector: 'AssignmentExpression[left.property.name=/^(innerHTML|outerHTML)$/]',
    message: 'Text from data is never HTML.',
  },
  { selector: 'CallExpression[callee.property.name="insertAdjacentHTML"]', message: 'Text from data is never HTML.' },
];

/** VS Code renders `[text](address)` in notifications as links, and `$(name)` in all of these as icons. */
const extensionSyntax = [
  {
    selector:
      'CallExpression[callee.property.name=/^show(Error|Warning|Information)Message$/] > .arguments:first-child:not(CallExpression[callee.name="labelText"])',
    message: 'A text of a file may be in it: labelText.',
  },
  {
    selector:
      'CallExpression[callee.property.name="report"] > ObjectExpression.arguments > Property[key.name="message"][shorthand=false]:not([value.callee.name="labelText"])',
    message: 'A text of a file may be in it: labelText.',
  },
  {
    selector:
      'TemplateLiteral[quasis.0.value.raw=/^\\$\\(/] > .expressions:last-child:not(CallExpression[callee.name="labelText"]):not(CallExpression[callee.property.name="t"]):not(CallExpression[callee.name="textOf"]):not(ConditionalExpression)',
    message: 'A text of a file may be in it: labelText.',
  },
];

export default tseslint.config(
  globalIgnores(['dist/', '.cache/', 'test/results/', 'bench/peers/.build/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An interface may be asynchronous although only one implementation waits.
      '@typescript-eslint/require-await': 'off',
      // Code that spreads a string splits it by code point on purpose.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // An empty callback says that there is nothing to do.
      '@typescript-eslint/no-empty-function': 'off',
      // The code declares no enum. Those of packages are in the folders below.
      '@typescript-eslint/no-mixed-enums': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
      'no-control-regex': 'off',
    },
  },
  {
    files: ['src/core/table/', 'src/engine/', 'src/extension/', 'test/engine/', 'test/workbench/host/'].map(
      (folder) => `${folder}**/*.ts`,
    ),
    rules: {
      '@typescript-eslint/no-unsafe-enum-assignment': 'error',
      '@typescript-eslint/no-unsafe-enum-comparison': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...defaultsAfterIndex] },
  },
  {
    files: ['src/core/**/*.ts', 'src/protocol/**/*.ts', 'examples/demo/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [nodeModules] }],
      'no-restricted-properties': ['error', ...clockAndChance],
      'no-restricted-globals': [
        'error',
        ...['process', 'Buffer', 'window', 'document', 'setTimeout', 'setInterval', 'performance', 'fetch'],
      ],
      'no-restricted-syntax': ['error', currentTime],
    },
  },
  {
    files: ['assembly/**/*.ts'],
    // AssemblyScript: a cast converts, because there are many number types; the caller sets what is exported.
    rules: { '@typescript-eslint/no-unnecessary-type-assertion': 'off', 'prefer-const': 'off' },
  },
  {
    files: ['webview/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [nodeModules],
          paths: ['style-map', 'unsafe-html', 'unsafe-svg'].map((name) => ({
            name: `lit/directives/${name}.js`,
            message: 'It violates the content security policy or makes HTML of data.',
          })),
        },
      ],
      'no-restricted-properties': ['error', clockAndChance[0]],
      'no-restricted-syntax': ['error', ...webviewSyntax, ...defaultsAfterIndex],
    },
  },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-restricted-properties': ['error', clockAndChance[0]] },
  },
  {
    files: ['src/core/**/*.ts', 'src/protocol/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', ...clockAndChance],
      'no-restricted-syntax': ['error', currentTime, ...defaultsAfterIndex],
    },
  },
  {
    files: ['src/extension/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...extensionSyntax, ...defaultsAfterIndex] },
  },
  {
    files: ['bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        URL: 'readonly',
        URLSearchParams: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        console: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
      },
    },
    rules: { eqeqeq: 'error', 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] },
  },
);
