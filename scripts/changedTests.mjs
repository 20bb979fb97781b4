// Which tests a change can break, for `npm test -- --changed`.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { entries } from './build.mjs';
import { root } from './paths.mjs';
import { run, ScriptError } from './process.mjs';

/** A change of these can break any test. */
const everything = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '.npmrc',
  'scripts/',
  'test/propertySeed.mjs',
];

const commandLine = [entries.cli, entries.server, entries.engine, entries.drawWorker];
const webviews = [entries.inspector, entries.preview, entries.sidebar];
const translations = ['l10n/', 'package.nls'];

/**
 * Tests that run more than they import, by their folder: `entries` of bundles, and `files` of which any change
 * runs all of them.
 */
const groups = [
  { folder: 'test/server/', entries: commandLine, files: translations },
  { folder: 'test/cli/', entries: commandLine, files: translations },
  { folder: 'test/fuzz/', entries: commandLine, files: [...translations, 'test/fuzz/'] },
  { folder: 'test/faults/', entries: commandLine, files: [...translations, 'test/faults/'] },
  { folder: 'test/engine/', entries: [entries.drawWorker], files: ['test/engine/drawWorker.mjs'] },
  { folder: 'test/sampling/', entries: [entries.drawWorker], files: [] },
  // One of its tests runs the command line as a process.
  { folder: 'test/spark/', entries: commandLine, files: ['test/spark/requirements'] },
  { folder: 'test/webview/', entries: webviews, files: [...translations, 'test/webview/'] },
  {
    folder: 'test/workbench/',
    entries: Object.values(entries),
    files: [
      ...translations,
      'media/',
      'docs/rules/',
      'examples/',
      'test/workbench/driver/',
      'test/workbench/harness/',
      'test/workbench/host/',
    ],
  },
];

/**
 * @param since a commit; what differs from it in the working tree counts, and files that git does not know yet
 * @param tests paths of test files from the root
 * @returns the tests that may break; all of `test/repo`, which looks at every file
 */
export async function changedTests(since, tests) {
  const changed = await changedFiles(since);
  if (changed.length === 0) return [];
  const canBreak = await breakingTests(tests);
  return canBreak(changed);
}

/** @returns a function from changed files, as paths from the root, to the tests that they can break */
export async function breakingTests(tests) {
  const closures = await closuresOf([...tests, ...Object.values(entries)]);
  return (changed) => {
    if (changed.some((file) => everything.some((place) => file.startsWith(place)))) return tests;
    const isReached = (entry) => changed.some((file) => closures.get(entry)?.has(file));
    return tests.filter((test) => {
      if (test.startsWith('test/repo/') || isReached(test)) return true;
      const helpers = [...(closures.get(test) ?? [])].filter((file) => file.startsWith('test/'));
      if (isNamed(helpers, changed)) return true;
      const group = groups.find(({ folder }) => test.startsWith(folder));
      if (group === undefined) return false;
      const isData = (file) => group.files.some((place) => file.startsWith(place));
      return group.entries.some(isReached) || changed.some(isData);
    });
  };
}

async function changedFiles(since) {
  const git = async (...args) => {
    const { code, output } = await run('git', args, { cwd: root, allowFailure: true });
    if (code !== 0) throw new ScriptError(`--changed needs git and the commit ${since}:\n${output}`);
    return output.split('\0').filter((file) => file !== '');
  };
  return [
    ...(await git('diff', '--name-only', '-z', since)),
    ...(await git('ls-files', '-z', '--others', '--exclude-standard')),
  ];
}

/** The files that each entry imports, also through others. */
async function closuresOf(entries) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: 'closures',
    outbase: '.',
    bundle: true,
    write: false,
    metafile: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    loader: { '.css': 'text' },
    logLevel: 'silent',
  }).catch((error) => {
    throw new ScriptError(`--changed follows imports, and cannot: ${error.message}`);
  });
  return new Map(
    Object.values(metafile.outputs).map(({ entryPoint, inputs }) => [entryPoint, new Set(Object.keys(inputs))]),
  );
}

const textOf = memoized((file) => readFileSync(path.join(root, file), 'utf8'));

/** Data, goldens and pages are not imported: a test or its helper names the file, its folder, or the folder above. */
function isNamed(sources, changed) {
  return changed.some((file) => {
    if (/\.(ts|mjs)$/.test(file)) return false;
    const folder = path.posix.dirname(file);
    const names = [file, path.posix.basename(file), folder, path.posix.basename(folder)];
    return sources.some((source) => names.some((name) => name.length > 3 && textOf(source).includes(name)));
  });
}

function memoized(read) {
  const known = new Map();
  return (key) => known.get(key) ?? known.set(key, read(key)).get(key);
}
