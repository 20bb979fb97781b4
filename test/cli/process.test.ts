import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { shipped } from './shipped.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs the command line in its own process. `close`: its standard output is closed before it can write. `output`: a
 * descriptor to use instead.
 */
function run(
  args: readonly string[],
  {
    environment = {},
    close = false,
    output,
  }: { environment?: Record<string, string>; close?: boolean; output?: number } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [shipped, ...args], {
      cwd: root,
      env: { PATH: process.env['PATH'], LANG: 'C', ...environment },
      stdio: ['ignore', output ?? 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    if (close) child.stdout?.destroy();
    else
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.once('error', reject).once('close', (code) => resolve({ code, out, err }));
  });
}

test('a process prints help, and fails with one line and code 2', async () => {
  const help = await run(['--help']);
  assert.deepEqual([help.code, help.err], [0, '']);
  assert.match(help.out, /Usage:/);
  const wrong = await run(['inspect', 'no-such-file.parquet']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /^recsample: .*no-such-file\.parquet: .+\n$/);
  assert.equal(wrong.err.split('\n').length, 2);
});

test('a reader that closes the pipe early causes no failure', async () => {
  assert.deepEqual(await run(['--help'], { close: true }), { code: 0, out: '', err: '' });
});

test(
  'a full disk behind the output is reported, with exit code 2',
  { skip: existsSync('/dev/full') ? false : 'there is no /dev/full here' },
  async () => {
    const full = openSync('/dev/full', 'w');
    try {
      assert.deepEqual(await run(['--help'], { output: full }), {
        code: 2,
        out: '',
        err: 'recsample: The output is not complete: there is no space left to write it. Free some space, then try again.\n',
      });
    } finally {
      closeSync(full);
    }
  },
);

test('the version is that of the package, and messages follow the language of the environment', async () => {
  const version = await run(['--version']);
  assert.match(version.out, /^\d+\.\d+\.\d+\n$/);
  const usage = await run(['inspect'], { environment: { LANG: 'zh_CN.UTF-8' } });
  assert.deepEqual([usage.code, usage.err], [2, 'recsample: 缺少 PATH。参见 recsample inspect --help。\n']);
});

test('run from a clone, relative paths start at the caller’s folder', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'recsample-caller-'));
  try {
    writeFileSync(path.join(folder, 'mine.csv'), 'user_id,click\n1,0\n2,1\n');
    const child = spawn(process.execPath, ['scripts/recsample.mjs', 'inspect', 'mine.csv', '--format', 'json'], {
      cwd: root,
      env: { PATH: process.env['PATH'], INIT_CWD: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    assert.deepEqual(await once(child, 'close'), [0, null]);
    assert.equal((JSON.parse(out) as { rows: number }).rows, 2);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
