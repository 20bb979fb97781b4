// Bundles everything that ships: the processes as CommonJS for Node, the webviews as split ES modules.
//   node scripts/build.mjs [--production] [--watch]
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { thirdPartyNotices } from './notices.mjs';
import { dist, root } from './paths.mjs';
import { fail, isMain, say } from './process.mjs';
import { filesUnder, hashOfFiles, isStamped, stamp } from './stamp.mjs';

/**
 * Only the native library is external. Its JavaScript half is bundled: loading it as fifty files makes the engine start
 * 30 ms slower.
 */
const duckdb = ['@duckdb/node-bindings'];

/**
 * The processes. `client` is a second chunk of the extension host, because the language client alone exceeds the host's
 * size budget.
 */
const processes = [
  { name: 'extension', entry: 'src/extension/activate/main.ts', external: ['vscode'] },
  { name: 'client', entry: 'src/extension/client.ts', external: ['vscode'] },
  { name: 'server', entry: 'src/server/process/main.ts', external: [] },
  { name: 'drawWorker', entry: 'src/engine/process/worker.ts', external: [] },
  { name: 'cli', entry: 'src/cli/process/main.ts', external: duckdb, executable: true },
];

/**
 * The engine is an ES module, because only those are split: the first page then waits for the code that it needs, and
 * not for that of samples and audits.
 */
const engine = { name: 'engine', entry: 'src/engine/process/main.ts', external: duckdb };

const webviews = {
  inspector: 'webview/inspector/main.ts',
  preview: 'webview/preview/main.ts',
  trial: 'webview/trial/main.ts',
  sidebar: 'webview/sidebar/main.ts',
};

/** Entries of the processes and of the webviews, by name. */
export const entries = {
  ...Object.fromEntries([...processes, engine].map(({ name, entry }) => [name, entry])),
  ...webviews,
};

const assets = [
  ['node_modules/@vscode/codicons/dist/codicon.css', 'webview/codicon.css'],
  ['node_modules/@vscode/codicons/dist/codicon.ttf', 'webview/codicon.ttf'],
];

const inputs = [
  'src',
  'webview',
  'examples',
  'scripts/build.mjs',
  'scripts/notices.mjs',
  'package.json',
  'package-lock.json',
];

/** In the host, `import('./client.ts')` becomes a lazy require of the second chunk. */
const lazyClient = {
  name: 'lazy-client',
  setup(build) {
    build.onResolve({ filter: /^\.\/client\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './client.cjs', external: true } : undefined,
    );
  },
};

/** @returns the esbuild options of every bundle */
function bundleOptions(outdir, production) {
  const common = {
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    logLevel: 'warning',
    legalComments: 'none',
    minify: production,
    sourcemap: production ? false : 'linked',
    define: { 'process.env.NODE_ENV': JSON.stringify(production ? 'production' : 'development') },
  };
  const bundles = processes.map(({ name, entry, external, executable }) => ({
    name,
    executable,
    options: {
      ...common,
      entryPoints: [entry],
      outfile: path.join(outdir, `${name}.cjs`),
      external,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      // A native import() of a CommonJS chunk would bypass the extension host's own `require`.
      supported: { 'dynamic-import': false },
      // The ES module condition first: the `require` variant of some packages is one bundle that tree shaking cannot
      // reduce.
      mainFields: ['module', 'main'],
      // CommonJS has no import.meta; the URL of the bundle replaces it.
      define: { ...common.define, 'import.meta.url': 'bundleUrl' },
      banner: {
        js: `${executable === true ? '#!/usr/bin/env node\n' : ''}"use strict";var bundleUrl=require("node:url").pathToFileURL(__filename).href;`,
      },
      plugins: name === 'extension' ? [lazyClient] : [],
    },
  }));
  bundles.push({
    name: engine.name,
    options: {
      ...common,
      entryPoints: { [engine.name]: engine.entry },
      outdir,
      outExtension: { '.js': '.mjs' },
      external: engine.external,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      mainFields: ['module', 'main'],
      splitting: true,
      chunkNames: 'engine-[hash]',
      // Packages in CommonJS call `require` for modules of Node.
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    },
  });
  bundles.push({
    name: 'webview',
    options: {
      ...common,
      entryPoints: webviews,
      outdir: path.join(outdir, 'webview'),
      platform: 'browser',
      format: 'esm',
      target: 'es2022',
      splitting: true,
      chunkNames: 'chunk-[hash]',
      tsconfig: 'webview/tsconfig.json',
    },
  });
  return bundles;
}

function copyAssets(outdir) {
  mkdirSync(path.join(outdir, 'webview'), { recursive: true });
  for (const [from, to] of assets) copyFileSync(path.join(root, from), path.join(outdir, to));
}

function finish(outdir, { name, executable, options }, result) {
  mkdirSync(path.join(outdir, 'meta'), { recursive: true });
  writeFileSync(path.join(outdir, 'meta', `${name}.json`), JSON.stringify(result.metafile));
  if (executable === true) chmodSync(options.outfile, 0o755);
}

/**
 * Removes files of earlier builds, such as chunks with an older hash. Files in use are replaced and never missing in
 * between.
 */
function removeOthers(outdir, made) {
  const kept = new Set(made);
  for (const file of filesUnder(outdir)) {
    if (!kept.has(file) && path.dirname(file) !== path.join(outdir, 'meta')) rmSync(file);
  }
}

/** Builds all bundles once. The metafiles go to `<outdir>/meta/`. @throws if esbuild reports an error */
export async function build({ outdir = dist, production = false } = {}) {
  const esbuild = await import('esbuild');
  const built = hashOfFiles(inputs.map((input) => path.join(root, input)));
  const made = await Promise.all(
    bundleOptions(outdir, production).map(async (bundle) => {
      const result = await esbuild.build(bundle.options);
      finish(outdir, bundle, result);
      return result.metafile;
    }),
  );
  removeOthers(
    outdir,
    made.flatMap(({ outputs }) => Object.keys(outputs).map((output) => path.resolve(root, output))),
  );
  copyAssets(outdir);
  writeFileSync(
    path.join(outdir, 'THIRD_PARTY_NOTICES.txt'),
    thirdPartyNotices(
      made,
      assets.map(([from]) => from),
    ),
  );
  stamp(path.join(outdir, 'meta', 'stamp'), stampText(production, built));
}

/** Builds unless the bundles in `outdir` were made from exactly these sources. */
export async function buildIfStale({ outdir = dist, production = false } = {}) {
  const text = stampText(production, hashOfFiles(inputs.map((input) => path.join(root, input))));
  if (!isStamped(path.join(outdir, 'meta', 'stamp'), text)) await build({ outdir, production });
}

const stampText = (production, hash) => `${production ? 'production' : 'development'} ${hash}\n`;

async function watch() {
  const esbuild = await import('esbuild');
  copyAssets(dist);
  rmSync(path.join(dist, 'meta', 'stamp'), { force: true });
  let running = 0;
  for (const bundle of bundleOptions(dist, false)) {
    // The watch task of .vscode/tasks.json waits for these two lines.
    const report = {
      name: 'report',
      setup(context) {
        context.onStart(() => {
          if (running++ === 0) say('[watch] build started');
        });
        context.onEnd((result) => {
          if (result.errors.length === 0) finish(dist, bundle, result);
          if (--running === 0) say('[watch] build finished');
        });
      },
    };
    const context = await esbuild.context({ ...bundle.options, plugins: [...(bundle.options.plugins ?? []), report] });
    await context.watch();
  }
}

if (isMain(fileURLToPath(import.meta.url))) {
  const action = process.argv.includes('--watch')
    ? watch()
    : build({ production: process.argv.includes('--production') });
  action.catch((error) => {
    // esbuild has already printed its errors.
    if (Array.isArray(error?.errors)) process.exitCode = 1;
    else fail(error);
  });
}
