import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { FailureError, type Failure } from '../../src/core/message/failure.ts';
import type { CallContext } from '../../src/protocol/engine.ts';
import { OwnEngine } from '../../src/server/engine/ownEngine.ts';
import { untilEnded } from '../fixtures/processes.ts';
import { hung } from '../workbench/harness/deadlines.ts';

let directory = '';
let log: string[] = [];
let engine: OwnEngine;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'recsample-own-'));
  log = [];
  engine = made(hung);
});
afterEach(() => {
  engine.dispose();
  rmSync(directory, { recursive: true });
});

/** `grace`: milliseconds that a cancelled engine has to end. */
function made(grace: number): OwnEngine {
  return new OwnEngine({
    launch: { module: path.join(import.meta.dirname, 'fakeEngine.mjs'), execArgv: [] },
    grace,
    log: (level, text) => {
      log.push(`${level} ${text}`);
    },
  });
}
/** Asks the fake engine to do `action`. Its answer is not a page, so only this place loosens the type. */
async function ask(action: string, context?: Partial<CallContext>): Promise<Record<string, unknown>> {
  return (await engine.call('facts', { ref: { id: 'a', path: action } }, context)) as unknown as Record<
    string,
    unknown
  >;
}
async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => assert.fail('did not fail'),
    (e: unknown) => e,
  );
  assert.ok(error instanceof FailureError, String(error));
  return error.failure;
}

test('every call has its own process, with the settings from when it started', async () => {
  engine.configure({ memoryLimit: '1GB', threads: 2 });
  const first = ask('echo');
  engine.configure({ memoryLimit: '2GB', threads: 0 });
  const [one, other] = await Promise.all([first, ask('echo')]);
  assert.notEqual(one.pid, other.pid);
  assert.deepEqual(
    [one.settings, other.settings],
    [
      { memoryLimit: '1GB', threads: 2 },
      { memoryLimit: '2GB', threads: 0 },
    ],
  );
  assert.ok(
    log.every((line) => line.startsWith('info ')),
    log.join('\n'),
  );
});

test('an engine death is reported at once without a retry; the next call is answered', async () => {
  const { code } = await failureOf(ask(`dieOnce?${path.join(directory, 'died')}`));
  assert.equal(code, 'engine-stopped');
  assert.equal(log.filter((line) => line.includes('started, process')).length, 1);
  assert.match(log.join('\n'), /error the engine of facts stopped unexpectedly: SIGKILL/);
  assert.equal(typeof (await ask('echo')).pid, 'number');
});

test('the call fails with the failure of the engine', async () => {
  assert.equal((await failureOf(ask('fail?disk-full'))).code, 'disk-full');
});

test('a cancelled caller does not wait; the engine is notified and may clean up', async () => {
  const file = path.join(directory, 'told');
  const abort = new AbortController();
  // Its progress message means that it hangs.
  const call = failureOf(
    ask(`hang?${file}`, {
      signal: abort.signal,
      progress: () => {
        abort.abort();
      },
    }),
  );
  assert.equal((await call).code, 'cancelled');
  while (!wasTold(file))
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  assert.equal((await failureOf(ask('echo', { signal: abort.signal }))).code, 'cancelled');
});

test('an engine that ignores a cancel is killed, and this is not logged as unexpected', async () => {
  engine = made(1);
  const abort = new AbortController();
  const call = failureOf(
    ask('deaf', {
      signal: abort.signal,
      progress: () => {
        abort.abort();
      },
    }),
  );
  assert.equal((await call).code, 'cancelled');
  const [pid = 0] = log.flatMap((line) => Number(/process (\d+)/.exec(line)?.[1] ?? []));
  await untilEnded(pid);
  assert.ok(
    log.every((line) => line.startsWith('info ')),
    log.join('\n'),
  );
});

function wasTold(file: string): boolean {
  try {
    return readFileSync(file, 'utf8') === 'cancelled\n';
  } catch {
    return false;
  }
}
