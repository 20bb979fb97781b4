import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Outcome } from './commandLine.ts';
import { directory, lint, none, report, useLintFolder, write, type Report } from './lintFolder.ts';

useLintFolder();

test('folders are searched as the editor does, in a stable order, links and all', async () => {
  for (const file of [
    'b/two.ratio.yml',
    'a/one.ratio.yaml',
    'a/three.ratio.json',
    'node_modules/x/no.ratio.yaml',
    '.git/no.ratio.yaml',
    '.venv/no.ratio.yaml',
    '__pycache__/no.ratio.yaml',
    'a/plain.yaml',
    'a/ratio.yaml',
  ]) {
    write(`tree/${file}`, file.endsWith('.json') ? '{"version": 2}' : 'version: 2\n');
  }
  symlinkSync('..', path.join(directory, 'tree/a/loop'));
  symlinkSync('../b', path.join(directory, 'tree/a/again'));
  symlinkSync('nowhere', path.join(directory, 'tree/a/lost'));
  write('elsewhere/linked.ratio.yaml', 'version: 2\n');
  symlinkSync('../elsewhere', path.join(directory, 'tree/0-linked'));
  const paths = async (...args: string[]): Promise<string[]> => [
    ...new Set((await report(args)).findings.map((finding) => finding.path)),
  ];
  const tree = [
    'tree/0-linked/linked.ratio.yaml',
    'tree/a/one.ratio.yaml',
    'tree/a/three.ratio.json',
    'tree/b/two.ratio.yml',
  ];
  assert.deepEqual(await paths('tree'), tree);
  assert.deepEqual(await paths('tree/b', 'tree', 'tree/a/plain.yaml', 'tree/a/one.ratio.yaml'), [
    ...tree.slice(0, 2),
    'tree/a/plain.yaml',
    ...tree.slice(2),
  ]);
  assert.deepEqual(await paths(path.join(directory, 'tree', 'b')), ['tree/b/two.ratio.yml']);
  const above = await lint(['..', ...none], { directory: path.join(directory, 'tree', 'b') });
  assert.ok(above.out.includes('\ntwo.ratio.yml\n') || above.out.startsWith('two.ratio.yml\n'));
  assert.ok(above.out.includes(`${directory.split(path.sep).join('/')}/tree/a/one.ratio.yaml\n`));
});

test('unexpanded patterns match files of any name; a pattern without a match exits with 2', async () => {
  for (const file of ['a.ratio.yaml', 'b.yaml', 'deep/c.ratio.yaml', 'deep/d.txt', 'x[1].ratio.yaml'])
    write(`globs/${file}`, 'version: 2\n');
  const paths = async (...args: string[]): Promise<string[]> => [
    ...new Set((await report(args)).findings.map((finding) => finding.path)),
  ];
  assert.deepEqual(await paths('globs/*.yaml'), ['globs/a.ratio.yaml', 'globs/b.yaml', 'globs/x[1].ratio.yaml']);
  assert.deepEqual(await paths('globs/**/[cd].*'), ['globs/deep/c.ratio.yaml', 'globs/deep/d.txt']);
  assert.deepEqual(await paths('globs/x[1].ratio.yaml'), ['globs/x[1].ratio.yaml'], 'a file of that very name');
  const { code, out, err } = await lint(['globs/*.yml', ...none]);
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /globs\/\*\.yml: No file that can be read matches the pattern/);
  assert.match((await lint(['globs/[z-a].yaml'])).err, /\/globs\/\[z-a\]\.yaml: The pattern is not valid/);
});

test('brackets in the working folder’s name are not part of the pattern', async () => {
  for (const file of ['a.ratio.yaml', 'deep/b.ratio.yaml']) write(`routes/[app]/${file}`, 'version: 2\n');
  write('routes/a/c.ratio.yaml', 'version: 2\n');
  const host = { directory: path.join(directory, 'routes/[app]') };
  const lintThere = async (argument: string): Promise<Outcome> =>
    await lint([argument, ...none, '--format', 'json'], host);
  const paths = async (argument: string): Promise<string[]> => [
    ...new Set((JSON.parse((await lintThere(argument)).out) as Report).findings.map((finding) => finding.path)),
  ];
  assert.deepEqual(await paths('*.yaml'), ['a.ratio.yaml']);
  assert.deepEqual(await paths('./**/*.yaml'), ['a.ratio.yaml', 'deep/b.ratio.yaml']);
  assert.deepEqual(await paths('../[[]app]/deep/*'), ['deep/b.ratio.yaml']);
  assert.equal((await paths('../a/*.yaml')).length, 1);
  assert.equal((await paths(path.join(directory, 'globs/deep/[c].*'))).length, 1);
  const { code, err } = await lintThere('none.ratio.yaml');
  assert.equal(code, 2);
  assert.doesNotMatch(err, /pattern/);
});

test('standard input is refused with a message', async () => {
  assert.deepEqual(await lint(['-']).then(({ code, out, err }) => [code, out, err]), [
    2,
    '',
    'recsample: A config cannot be read from standard input. Write the config to a file, and give the path of that file.\n',
  ]);
});

test(
  'a pipe as config is refused without waiting',
  { skip: process.platform === 'win32' ? 'Windows has no such pipes' : false },
  async () => {
    execFileSync('mkfifo', [path.join(directory, 'pipe.ratio.yaml')]);
    const { code, err } = await lint(['pipe.ratio.yaml']);
    assert.deepEqual(
      [code, err],
      [2, `recsample: ${path.join(directory, 'pipe.ratio.yaml')}: It is a device or pipe and cannot be read\n`],
    );
    rmSync(path.join(directory, 'pipe.ratio.yaml'));
  },
);

test('a config of more than 4 MB is refused', async () => {
  const file = write('long/long.ratio.yaml', `# ${'x'.repeat(4 * 1024 * 1024)}\n`);
  const { code, out, err } = await lint(['long', ...none]);
  assert.equal(code, 2);
  assert.match(err, /long\.ratio\.yaml: It is larger than 4 MB, the maximum for a config/);
  assert.match(out, /1 file or folder could not be read/);
  rmSync(file);
});
