import assert from 'node:assert/strict';
import { chmodSync, readFileSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { examples } from '../../src/core/policy/examples/example.ts';
import { directory, leftOut, lint, none, useLintFolder, write, type Report } from './lintFolder.ts';

useLintFolder();

const good = examples.recall;
/** A share whose value the YAML library reads as a map; quoting it is a safe fix. */
const unquoted = `vars: {exposed: 0.3}\n${good.replace('exposed_unclicked: {share: 0.3,', 'exposed_unclicked: {share: ${exposed},')}`;
const quoted = unquoted.replace('${exposed}', "'${exposed}'");

test('--fix applies the safe fixes, keeps BOM, line ends, comments and modes, and reports the rest', async () => {
  const file = write('fix/hole.ratio.yaml', `\uFEFF${unquoted.replaceAll('\n', '\r\n')}`);
  chmodSync(file, 0o640);
  const before = await lint(['fix', ...none]);
  assert.deepEqual([before.code, /\n1 finding can be fixed with --fix\n/.test(before.out)], [1, true], before.out);
  assert.equal(readFileSync(file, 'utf8'), `\uFEFF${unquoted.replaceAll('\n', '\r\n')}`);
  const { code, out } = await lint(['fix', ...none, '--fix']);
  assert.deepEqual([code, out], [0, `1 config, no findings\n1 finding was fixed\n${leftOut}`]);
  assert.equal(readFileSync(file, 'utf8'), `\uFEFF${quoted.replaceAll('\n', '\r\n')}`);
  assert.equal(statSync(file).mode & 0o777, 0o640);
  const again = await lint(['fix', ...none, '--fix']);
  assert.deepEqual([again.code, again.out], [0, `1 config, no findings\n${leftOut}`]);
  assert.equal(readFileSync(file, 'utf8'), `\uFEFF${quoted.replaceAll('\n', '\r\n')}`);
});

test('--fix skips a file that it may not write, and continues with the others', async () => {
  const locked = write('locked/a.ratio.yaml', unquoted);
  const open = write('locked/b.ratio.yaml', unquoted);
  chmodSync(locked, 0o444);
  const { code, out, err } = await lint(['locked', ...none, '--fix']);
  assert.deepEqual(
    [code, out, err],
    [
      2,
      `1 config, no findings\n1 finding was fixed\n1 file or folder could not be read or written\n${leftOut}`,
      'recsample: locked/a.ratio.yaml: It is read-only. Make it writable, or lint without --fix.\n',
    ],
  );
  assert.deepEqual([readFileSync(locked, 'utf8'), readFileSync(open, 'utf8')], [unquoted, quoted]);
});

test('--fix leaves findings that need a decision, and says so', async () => {
  const file = write('rest/both.ratio.yaml', unquoted.replace('global_random: 0.2', 'global_random: 0.4'));
  const { code, out } = await lint(['rest', ...none, '--fix', '--format', 'json']);
  assert.deepEqual([code, (JSON.parse(out) as Report).findings.map(({ rule }) => rule)], [1, ['config/share-sum']]);
  assert.equal(readFileSync(file, 'utf8'), quoted.replace('global_random: 0.2', 'global_random: 0.4'));
});

test('--fix writes through a link to the config and keeps the link', async () => {
  const target = write('linked/real.yaml', unquoted);
  symlinkSync('real.yaml', path.join(directory, 'linked/link.ratio.yaml'));
  const { code, out, err } = await lint(['linked', ...none, '--fix', '--format', 'json']);
  assert.deepEqual([code, err, (JSON.parse(out) as Report).findings], [0, 'recsample: 1 finding was fixed\n', []]);
  assert.equal(readFileSync(target, 'utf8'), quoted);
  assert.equal(realpathSync(path.join(directory, 'linked/link.ratio.yaml')), target);
});

test('--fix refuses a config that a link leads out of the project, and names the link', async () => {
  const outside = write('fence/out/t.ratio.yaml', unquoted);
  const own = write('fence/ws/own.ratio.yaml', unquoted);
  symlinkSync('../out/t.ratio.yaml', path.join(directory, 'fence/ws/t.ratio.yaml'));
  symlinkSync('../out', path.join(directory, 'fence/ws/sub'));
  const ws = path.join(directory, 'fence/ws');
  for (const args of [
    ['fence/ws'],
    ['fence/ws', '--root', 'fence/ws'],
    ['fence/ws/t.ratio.yaml', 'fence/ws/sub/t.ratio.yaml', 'fence/ws', '--root', 'fence/ws'],
  ]) {
    writeFileSync(own, unquoted);
    const { code, err } = await lint([...args, ...none, '--fix', '--format', 'json']);
    assert.equal(code, 2, err);
    assert.ok(
      err.includes(
        `recsample: fence/ws/t.ratio.yaml: The link ${ws}/t.ratio.yaml leads out of ${ws}, to ${outside}. Fixes are not written there. To fix it, lint ${outside} itself.\n`,
      ),
      err,
    );
    assert.ok(
      err.includes(
        `recsample: fence/ws/sub/t.ratio.yaml: The link ${ws}/sub leads out of ${ws}, to ${path.dirname(outside)}. `,
      ),
      err,
    );
    assert.deepEqual([readFileSync(outside, 'utf8'), readFileSync(own, 'utf8')], [unquoted, quoted]);
  }
  // The project may be a folder above both.
  assert.equal((await lint(['fence/ws', ...none, '--fix', '--root', 'fence', '--format', 'json'])).code, 0);
  assert.equal(readFileSync(outside, 'utf8'), quoted);
  assert.equal(realpathSync(path.join(ws, 't.ratio.yaml')), outside);
});
