// Which tests a change can break, for `npm test -- --changed`.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
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

/**
 * Tests that run bundles or a packaged extension, by their folder: entries of the bundles, and other files that ship.
 */
const commandLine = [
  'src/cli/main.ts',
  'src/server/main.ts',
  'src/engine/main.ts',
  'src/engine/sampling/threads/drawWorker.ts',
];
const webviews = ['webview/inspector/main.ts', 'webview/preview/main.ts', 'webview/sidebar/main.ts'];
const translations = ['l10n/', 'package.nls'];
const bundled = [
  { folders: ['test/server', 'test/cli', 'test/fuzz', 'test/faults'], entries: commandLine, files: translations },
  { folders: ['test/webview'], entries: webviews, files: translations },
  {
    folders: ['test/workbench'],
    entries: [...commandLine, ...webviews, 'src/extension/main.ts', 'src/extension/client.ts'],
    files: [...translations, 'media/', 'docs/rules/', 'examples/'],
  },
];

/**
 * @param since a commit; what differs from it in the working tree counts, and files that git does not know yet
 * @param tests paths of test files from the root
 * @returns the tests that may break; all of `test/repo`, which looks at every file
 */
export async function changedTests(since, tests) {
  const changed = await changedFiles(since);
  if (changed.some((file) => everything.some((place) => file.startsWith(place)))) return tests;
  if (changed.length === 0) return [];
  const closures = await closuresOf([...tests, ...new Set(bundled.flatMap(({ entries }) => entries))]);
  const isReached = (entry) => changed.some((file) => closures.get(entry)?.has(file));
  return tests.filter((test) => {
    if (test.startsWith('test/repo/') || isReached(test) || isNamed(test, changed)) return true;
    const bundle = bundled.find(({ folders }) => folders.some((folder) => test.startsWith(`${folder}/`)));
    if (bundle === undefined) return false;
    return (
      bundle.entries.some(isReached) || changed.some((file) => bundle.files.some((place) => file.startsWith(place)))
    );
  });
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

/** Data of tests, goldens and pages are not imported: a test names the file, its folder, or the folder above. */
function isNamed(test, changed) {
  const text = readFileSync(path.join(root, test), 'utf8');
  return changed.some((file) => {
    if (/\.(ts|mjs)$/.test(file)) return false;
    const folder = path.posix.dirname(file);
    return [file, path.posix.basename(file), folder, path.posix.basename(folder)].some(
      (name) => name.length > 3 && text.includes(name),
    );
  });
}
