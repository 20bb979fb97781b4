// Bundles the tests of a run: processes then load a few files instead of compiling hundreds of modules each.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { entries } from './build.mjs';
import { cache, root } from './paths.mjs';

/** Modules that tests load in processes of their own. */
const programs = [
  'src/core/policy/examples/example.ts',
  'src/engine/demo/write.ts',
  'src/engine/process/engine.ts',
  'src/project/facts/factsCache.ts',
  'src/project/lint/lintFile.ts',
  'src/project/lint/policyText.ts',
  'test/fuzz/worker.ts',
];

/**
 * Packages in the bundles: to load their many files costs each process more time than to load a chunk. The others have
 * native code, find files next to them, or are used by few tests; test/propertySeed.mjs configures fast-check, of which
 * there must be one.
 */
const bundledPackages = [
  '@duckdb/node-api',
  '@noble/hashes',
  'ajv',
  'fzstd',
  'hyparquet',
  'hyparquet-compressors',
  'seedrandom',
  'string-width',
  'valibot',
  'vscode-jsonrpc',
  'vscode-languageclient',
  'vscode-languageserver',
  'vscode-languageserver-textdocument',
  'xxhash-wasm',
  'yaml',
];

/** Helpers of tests of which there is one in a process: a database without tables is expensive and has no state. */
const sharedHelpers = ['test/engine/testDatabase.ts'];

/**
 * Each file of tests has its own copy of the helpers in `test`, with its own folders, engines, counters and hooks, also
 * if files share a process. The place of a copy ends with `?` and its file of tests.
 */
const ownHelpers = {
  name: 'own-helpers',
  setup(build) {
    const tests = path.join(root, 'test') + path.sep;
    const shared = new Set(sharedHelpers.map((file) => path.join(root, file)));
    build.onResolve({ filter: /\.ts$/ }, ({ path: place, kind, resolveDir, pluginData: owner }) => {
      if (kind === 'entry-point') return place.endsWith('.test.ts') ? { path: place, pluginData: place } : undefined;
      const file = path.resolve(resolveDir, place);
      if (owner === undefined || !place.startsWith('.') || !file.startsWith(tests) || shared.has(file))
        return undefined;
      return { path: file, suffix: `?${path.relative(root, owner)}`, pluginData: owner };
    });
  },
};

/** In a bundle, a module keeps the place of its source: tests find their fixtures there. */
const ownPlace = {
  name: 'own-place',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path: file, pluginData }) => {
      const text = readFileSync(file, 'utf8');
      if (!text.includes('import.meta')) return { loader: 'ts', contents: text, pluginData };
      const [url, folder] = [pathToFileURL(file).href, path.dirname(file)].map((place) => JSON.stringify(place));
      // On the first line, so that the numbers of the lines stay.
      return { loader: 'ts', contents: `const ownUrl = ${url}, ownFolder = ${folder}; ${text}`, pluginData };
    });
  },
};

/** Names of the packages that are not in the bundles. */
function externalPackages() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const all = Object.keys({ ...dependencies, ...devDependencies });
  return [...all.filter((name) => !bundledPackages.includes(name)), 'vscode'];
}

/**
 * @param tests absolute paths of test files
 * @returns `folder`: where the bundles are; `fileOf`: that of a test file; `drawWorker`: that of the drawing threads;
 * `remove`: deletes them
 */
export async function bundleTests(tests) {
  // Inside of the clone, so that packages are found.
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(path.join(cache, 'tests-'));
  const bundleOf = (file) => path.join(outdir, path.relative(root, file).replace(/\.ts$/, '.mjs'));
  const drawWorker = path.join(root, entries.drawWorker);
  await build({
    absWorkingDir: root,
    entryPoints: [...tests, drawWorker, ...programs.map((file) => path.join(root, file))],
    outdir,
    outbase: root,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    // The first version with import attributes.
    target: 'node20.10',
    external: externalPackages(),
    // What packages of CommonJS require from Node.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    sourcemap: 'linked',
    // Only places are needed: those of failures.
    sourcesContent: false,
    define: { 'import.meta.url': 'ownUrl', 'import.meta.dirname': 'ownFolder' },
    plugins: [ownHelpers, ownPlace],
    logLevel: 'warning',
  });
  return {
    folder: outdir,
    fileOf: bundleOf,
    drawWorker: bundleOf(drawWorker),
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  };
}
