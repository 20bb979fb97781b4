import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { assertNone, root } from './repository.ts';

const { runDownload } = (await import(new URL('../../scripts/process.mjs', import.meta.url).href)) as {
  readonly runDownload: (program: string, args: readonly string[], options: { cwd: string }) => Promise<unknown>;
};

const vsix = process.env.RECSAMPLE_VSIX;
if (vsix === undefined) throw new Error('RECSAMPLE_VSIX is not set: run by "npm test -- --only repo"');

const scratch = mkdtempSync(path.join(tmpdir(), 'recsample-tarball-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Packs what `npm pack` packs, with the production bundles that are already built for the VSIX. */
function pack(): string {
  const stage = path.join(scratch, 'stage');
  for (const entry of ['package.json', 'README.md', 'README.zh-CN.md', 'LICENSE', 'CHANGELOG.md', 'media'])
    cpSync(path.join(root, entry), path.join(stage, entry), { recursive: true });
  const bundles = path.join(path.dirname(vsix ?? ''), `${process.platform}-${process.arch}`, 'dist');
  cpSync(bundles, path.join(stage, 'dist'), { recursive: true });
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', scratch], { cwd: stage });
  return path.join(scratch, readdirSync(scratch).find((name) => name.endsWith('.tgz')) ?? '');
}

test('the tarball of npm pack, installed in an empty folder, puts a working recsample on the PATH', async () => {
  const tarball = pack();
  assert.ok(readFileSync(tarball).length < 4e6, 'the tarball has less than 4 MB');
  const prefix = path.join(scratch, 'global');
  await runDownload('npm', ['install', '-g', '--prefix', prefix, '--prefer-offline', tarball], { cwd: scratch });

  const installed = path.join(prefix, 'lib', 'node_modules', 'recsample');
  const files = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(installed, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((file) => !file.startsWith('node_modules/'));
  assertNone(
    files.filter(
      (file) =>
        !/^(package\.json|(README|README\.zh-CN|CHANGELOG)\.md|LICENSE|media\/schemas\/[\w-]+\.schema\.json)$/.test(
          file,
        ) &&
        // npm always packs `main`.
        !/^dist\/(cli\.cjs|drawWorker\.cjs|engine(-[A-Z0-9]+)?\.mjs|extension\.cjs|THIRD_PARTY_NOTICES\.txt)$/.test(
          file,
        ),
    ),
    'not expected in the tarball',
  );

  const folder = path.join(scratch, 'empty');
  const recsample = (...args: readonly string[]) =>
    execFileSync(path.join(prefix, 'bin', 'recsample'), args, { cwd: scratch, encoding: 'utf8', env: process.env });
  recsample('demo', folder, '--scale', 'tiny');
  const config = path.join(folder, 'configs', 'recall.ratio.yaml');
  recsample('lint', config, '--facts', 'data');
  const sample = path.join(folder, 'new.parquet');
  recsample('sample', config, '--out', sample);
  assert.match(recsample('inspect', sample), /new\.parquet/);
});
