import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { isRunning, untilEnded } from '../fixtures/processes.ts';
import { directory, useDemoFolder } from './demoFolder.ts';
import { shipped } from './shipped.ts';

useDemoFolder();

const fine = 'configs/fine_ranking.ratio.yaml';
const skip = process.platform === 'win32' ? 'the programs of these tests are shell scripts' : false;

/** Writes an executable script into the demo folder and returns its path. */
function script(name: string, ...lines: readonly string[]): string {
  const file = join(directory, name);
  writeFileSync(file, `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
  return file;
}

/** A script that prints each of its arguments, and the head of the file of the job, which comes last. */
function printer(name: string): string {
  return script(name, 'for one in "$@"; do echo "[$one]"; done', 'eval "last=\\${$#}"', 'head -1 "$last"');
}

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [shipped, 'spark', fine, ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'], LANG: 'C', TMPDIR: directory, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Waits for the end of a process. `heard`: called with all that it has printed so far. */
function ended(child: ChildProcess, heard: (out: string) => void = () => undefined): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      heard(out);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.once('error', reject).once('close', (code) => {
      resolve({ code, out, err });
    });
  });
}

/** Temporary folders of jobs that were left behind. */
const left = (): string[] => readdirSync(directory).filter((name) => name.startsWith('recsample-spark-'));

test('--run passes the job to spark-sql on PATH, and its output through', { skip }, async () => {
  printer('spark-sql');
  const { code, out, err } = await ended(
    start(['--run'], { PATH: `${directory}${delimiter}${process.env['PATH'] ?? ''}` }),
  );
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /^\[-f\]\n\[.*recsample-spark-.*\/job\.sql\]\n-- generator: recsample /);
  assert.match(out, /Spark wrote the rows to .*\/out\/fine_ranking\.spark\. The folder .*_work.* can be deleted\.\n$/);
  assert.deepEqual(left(), []);
});

test('--command gives arguments without a shell; a Python job comes last', { skip }, async () => {
  const program = printer('my spark');
  const command = `'${program}' --conf "a=b c" '$HOME' ";"`;
  const { code, out, err } = await ended(start(['--run', '--out', 'job.py', '--command', command]));
  assert.deepEqual([code, err], [0, '']);
  assert.equal(
    out.split('# A job of RecSample')[0],
    ['--conf', 'a=b c', '$HOME', ';', join(directory, 'job.py')].map((one) => `[${one}]\n`).join(''),
  );
  assert.ok(existsSync(join(directory, 'job.py')));
});

test('the environment names the command, and {file} is the place of the file', { skip }, async () => {
  const command = `${printer('submit')} --file={file} --last {file}`;
  const { code, out, err } = await ended(start(['--run', '--out', 'job.sql'], { RECSAMPLE_SPARK_SQL: command }));
  assert.deepEqual([code, err], [0, '']);
  const file = join(directory, 'job.sql');
  assert.ok(out.startsWith(`[--file=${file}]\n[--last]\n[${file}]\n-- generator`), out);
});

test('a job that fails is a failure, with the exit code of its program', { skip }, async () => {
  const { code, out, err } = await ended(start(['--run', '--command', script('failing', 'echo why >&2', 'exit 3')]));
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /^why\nrecsample: .*\/failing ended with exit code 3\. Its output above says why\.\n$/);
  assert.deepEqual(left(), []);
});

test('a program that is missing is reported with the way out', { skip }, async () => {
  const { code, err } = await ended(start(['--run', '--command', 'no-such-spark']));
  assert.equal(code, 2);
  assert.equal(
    err,
    'recsample: There is no program no-such-spark on PATH. Install it, or name another one with --command.\n',
  );
  assert.deepEqual(left(), []);
});

for (const [args, expected] of [
  [['--run', '--command', "spark-sql 'a"], /--command is not a command: spark-sql 'a\. .*Close every quote/],
  [['--run', '--command', ' '], /--command is not a command/],
  [['--command', 'spark-sql'], /--command needs --run/],
] as const) {
  test(`a wrong command is reported before files are read: ${args.join(' ')}`, async () => {
    const { code, err } = await ended(start(args));
    assert.equal(code, 2);
    assert.match(err, expected);
  });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends the program and what it started`, { skip }, async () => {
    // As spark-sql: a shell script that waits for the process that does the work.
    const program = script('waiting', 'sleep 600 &', 'echo "pids $$ $!"', 'wait');
    const child = start(['--run', '--command', program]);
    let pids: number[] = [];
    const { code, out } = await ended(child, (heard) => {
      const found = /^pids (\d+) (\d+)\n/.exec(heard);
      if (!found || pids.length > 0) return;
      pids = found.slice(1).map(Number);
      assert.deepEqual(pids.map(isRunning), [true, true]);
      child.kill(signal);
    });
    assert.equal(code, 130, out);
    assert.equal(pids.length, 2);
    await Promise.all(pids.map(untilEnded));
    assert.deepEqual(left(), []);
  });
}
