import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { rules } from '../../src/core/policy/rules.ts';
import { sources } from '../../src/core/source/sources.ts';
import { assertNone } from './repository.ts';
import { listZip } from './zip.ts';

const vsix = process.env.RECSAMPLE_VSIX;
if (vsix === undefined) throw new Error('RECSAMPLE_VSIX is not set: run by "npm test -- --only repo"');
interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly bytes: number;
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
        readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
      }
    >
  >;
}

const entries = listZip(vsix);
// Packaging leaves esbuild's metafiles of the production bundles next to the VSIX.
const staged = path.join(path.dirname(vsix), `${process.platform}-${process.arch}`, 'dist');
const processes = ['extension', 'client', 'server', 'drawWorker', 'cli'];
const metafileOf = (bundle: string) =>
  JSON.parse(readFileSync(path.join(staged, 'meta', `${bundle}.json`), 'utf8')) as Metafile;
const sizeOf = (name: string) => entries.find((entry) => entry.name === `extension/${name}`)?.size ?? 0;

const required = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/package.json',
  'extension/package.nls.json',
  'extension/package.nls.zh-cn.json',
  'extension/readme.md',
  'extension/changelog.md',
  'extension/LICENSE.txt',
  'extension/l10n/bundle.l10n.zh-cn.json',
  'extension/media/recsample.svg',
  'extension/media/icon.png',
  ...processes.map((name) => `extension/dist/${name}.cjs`),
  'extension/dist/engine.mjs',
  'extension/dist/THIRD_PARTY_NOTICES.txt',
  ...['inspector.js', 'preview.js', 'sidebar.js', 'trial.js', 'codicon.css', 'codicon.ttf'].map(
    (name) => `extension/dist/webview/${name}`,
  ),
  'extension/node_modules/@duckdb/node-bindings/duckdb.js',
  'extension/node_modules/detect-libc/package.json',
];

const allowed = [
  /^extension\/dist\/engine-[A-Z0-9]+\.mjs$/,
  /^extension\/dist\/webview\/chunk-[A-Z0-9]+\.js$/,
  /^extension\/docs\/rules\/[a-z]+\/[a-z_-]+\.md$/,
  /^extension\/media\/(?:languages\/|sources\/|tour\/)?[\w.-]+\.(svg|png)$/,
  /^extension\/media\/languages\/[\w.-]+\.json$/,
  /^extension\/media\/schemas\/[\w.-]+\.schema\.json$/,
  /^extension\/node_modules\/@duckdb\/node-bindings\//,
  /^extension\/node_modules\/detect-libc\//,
];

test('the VSIX holds what it needs and nothing else', () => {
  const names = entries.map(({ name }) => name);
  assertNone(
    required.filter((name) => !names.includes(name)),
    'missing',
  );
  const binding = new RegExp(`^extension/node_modules/@duckdb/node-bindings-${process.platform}-${process.arch}/`);
  assert.ok(
    names.some((name) => binding.test(name) && name.endsWith('/duckdb.node')),
    'the native library of this platform',
  );
  assertNone(
    names.filter(
      (name) => !required.includes(name) && !binding.test(name) && !allowed.some((pattern) => pattern.test(name)),
    ),
    'not expected',
  );
  assertNone(
    names.filter((name) => /\.(map|ts)$/.test(name)),
    'files that serve only development',
  );
});

test('every rule and every source has its page in the VSIX, so that it opens without a network', () => {
  const names = new Set(entries.map(({ name }) => name));
  assertNone(
    [...rules.map(({ id }) => id), ...sources.map(({ name }) => `source/${name}`)]
      .map((page) => `extension/docs/rules/${page}.md`)
      .filter((name) => !names.has(name)),
    'pages that are missing',
  );
});

test('the notices hold the licence of every package that ships', () => {
  const notices = readFileSync(path.join(staged, 'THIRD_PARTY_NOTICES.txt'), 'utf8');
  const bundled = ['webview', 'engine', ...processes]
    .flatMap((bundle) => Object.values(metafileOf(bundle).outputs))
    .flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
        bytesInOutput > 0 ? (/^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []) : [],
      ),
    );
  const installed = entries.flatMap(
    ({ name }) => /^extension\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1] ?? [],
  );
  const names = [...new Set([...bundled, ...installed, '@vscode/codicons'])];
  assert.ok(names.includes('lit-html') && names.includes('apache-arrow') && names.includes('@duckdb/node-api'));
  assertNone(
    names.filter((name) => !new RegExp(`^${name} \\d[^\n]* \\([^\n]+\\)\n-+\n\n[^\n]`, 'm').test(notices)),
    'without a licence',
  );
});

test('the bundles keep their budgets', () => {
  const kB = 1000;
  assert.ok(sizeOf('dist/extension.cjs') <= 400 * kB, `extension.cjs has ${sizeOf('dist/extension.cjs')} bytes`);
  for (const [view, budget] of [
    ['inspector', 900 * kB],
    ['preview', 900 * kB],
    ['trial', 400 * kB],
    ['sidebar', 60 * kB],
  ] as const) {
    const size = loadedBy('webview', `/webview/${view}.js`);
    assert.ok(size <= budget, `the ${view} loads ${size} bytes, of ${budget} allowed`);
  }
  const engine = loadedBy('engine', '/engine.mjs');
  assert.ok(engine <= 900 * kB, `the engine loads ${engine} bytes before the first page of a file`);
});

/** Bytes of a script with all its static imports: what is loaded before the first paint, or the first request. */
function loadedBy(bundle: string, script: string): number {
  const { outputs } = metafileOf(bundle);
  const seen = new Set<string>();
  const visit = (file: string): number => {
    if (seen.has(file)) return 0;
    seen.add(file);
    const output = outputs[file];
    assert.ok(output, file);
    return output.imports
      .filter(({ kind, external }) => kind === 'import-statement' && external !== true)
      .reduce((sum, imported) => sum + visit(imported.path), output.bytes);
  };
  const entry = Object.keys(outputs).find((file) => file.endsWith(script));
  assert.ok(entry, script);
  return visit(entry);
}
