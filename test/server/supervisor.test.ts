import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { FailureError, type Failure } from '../../src/core/message/failure.ts';
import type { CallContext, Progress, Result } from '../../src/protocol/engine.ts';
import { EngineSupervisor } from '../../src/server/engine/supervisor.ts';

const module = path.join(import.meta.dirname, 'fakeEngine.mjs');

let directory = '';
let now = 0;
let log: string[] = [];
let heard: ((line: string) => void)[] = [];
let supervisor: EngineSupervisor;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'recsample-supervisor-'));
  now = 0;
  log = [];
  heard = [];
  supervisor = new EngineSupervisor({
    launch: { module, execArgv: [] },
    log: (level, text) => {
      log.push(`${level} ${text}`);
      for (const hear of heard) hear(text);
    },
    changed: () => undefined,
    now: () => now,
  });
});
afterEach(() => {
  supervisor.dispose();
  rmSync(directory, { recursive: true });
});

/** Asks the fake engine to do `action`. Its answer is not a page, so only this place loosens the type. */
async function ask(action: string, context?: Partial<CallContext>): Promise<Record<string, unknown>> {
  return (await supervisor.call('facts', { ref: { id: 'a', path: action } }, context)) as unknown as Record<
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
function lineLogged(part: string): Promise<void> {
  return new Promise((resolve) => {
    heard.push((line) => {
      if (line.includes(part)) resolve();
    });
  });
}

test('the engine process starts with the first call', async () => {
  assert.equal(supervisor.pid, null);
  assert.equal(supervisor.state, 'idle');
  const first = await ask('echo');
  const second = await ask('echo');
  assert.equal(first.pid, supervisor.pid);
  assert.equal(second.pid, first.pid);
  assert.equal(supervisor.state, 'ready');
});

test('bytes arrive as bytes, settings before the first call', async () => {
  supervisor.configure({ memoryLimit: '1GB', threads: 2 });
  const answer = await ask('echo');
  assert.deepEqual(answer.bytes, new Uint8Array([1, 2, 3]));
  assert.deepEqual(answer.settings, { memoryLimit: '1GB', threads: 2 });
});

test('new settings replace the running engine without counting a death', async () => {
  const before = await ask('echo');
  supervisor.configure({ memoryLimit: '2GB', threads: 0 });
  const after = await ask('echo');
  assert.notEqual(after.pid, before.pid);
  assert.deepEqual(after.settings, { memoryLimit: '2GB', threads: 0 });
  assert.equal(supervisor.failure, null);
});

test('a read that was pending when the engine died is answered by the next engine', async () => {
  const before = await ask('echo');
  const answer = await ask(`dieOnce?${path.join(directory, 'died')}`);
  assert.notEqual(answer.pid, before.pid);
  assert.equal(supervisor.failure?.code, 'engine-stopped');
});

test('a read that kills the engine twice fails with advice; other reads are answered', async () => {
  const failure = await failureOf(ask('die'));
  assert.equal(failure.code, 'engine-stopped');
  assert.ok(failure.advice);
  assert.ok(await ask('echo'));
});

test('data that kills the engine is read twice, whatever asks for it', async () => {
  const echoes: Promise<unknown>[] = [];
  const killers: Promise<Failure>[] = [];
  for (let k = 0; k < 10; k++) {
    for (const name of ['a', 'b', 'c']) {
      killers.push(failureOf(ask(`die?${name}`)));
      echoes.push(ask(`echo?${name}`));
    }
  }
  const failures = await Promise.all(killers);
  await Promise.all(echoes);
  assert.deepEqual(
    new Set(
      failures.map(({ code, place, advice }) => [code, place?.path, advice?.text.includes('Restart Server')].join()),
    ),
    new Set(['engine-stopped,die?a,true', 'engine-stopped,die?b,true', 'engine-stopped,die?c,true']),
  );
  const deaths = (): number => log.filter((line) => line.includes('stopped unexpectedly')).length;
  // All three were read at the first death. After that, each is read alone.
  assert.equal(deaths(), 4);
  assert.equal(supervisor.state, 'ready');
  const { pid } = await ask('echo');
  for (let k = 0; k < 10; k++) await failureOf(ask('die?a'));
  assert.equal((await ask('echo')).pid, pid);
  assert.equal(deaths(), 4);
});

test('data that killed the engine is read again after a restart, or with other settings', async () => {
  const file = path.join(directory, 'died');
  for (const anew of [() => supervisor.restart(), () => supervisor.configure({ memoryLimit: '3GB', threads: 0 })]) {
    await failureOf(ask('die'));
    const before = log.length;
    await failureOf(ask('die'));
    assert.equal(log.length, before);
    anew();
    await failureOf(ask('die'));
    assert.ok(log.length > before);
    supervisor.restart();
  }
  assert.ok(await ask(`dieOnce?${file}`));
});

test('a read of other data that is answered after a crash is no longer suspected', async () => {
  for (let k = 0; k < 3; k++) {
    assert.ok(await ask(`dieOnce?${path.join(directory, 'once')}`));
    rmSync(path.join(directory, 'once'));
  }
  assert.equal(supervisor.state, 'ready');
});

test('reads running next to the one that kills the engine are answered', async () => {
  await ask('echo');
  const [bad, ...good] = await Promise.allSettled([ask('die'), ask('echo'), ask('echo'), ask('echo')]);
  assert.equal(bad.status, 'rejected');
  assert.deepEqual(
    good.map((g) => g.status),
    ['fulfilled', 'fulfilled', 'fulfilled'],
  );
});

test('a call survives SIGKILL of the engine: it is repeated and can still be cancelled', async () => {
  await ask('echo');
  const pid = supervisor.pid;
  assert.ok(pid !== null);
  const controller = new AbortController();
  let started = 0;
  let secondStart = (): void => undefined;
  const startedAgain = new Promise<void>((resolve) => {
    secondStart = resolve;
  });
  const progress = (): void => {
    started++;
    if (started === 1) process.kill(pid, 'SIGKILL');
    else secondStart();
  };
  const file = path.join(directory, 'hang');
  const call = failureOf(ask(`hang?${file}`, { signal: controller.signal, progress }));
  await startedAgain;
  assert.notEqual(supervisor.pid, pid);
  controller.abort();
  assert.equal((await call).code, 'cancelled');
  await ask('echo'); // answered after the cancellation was: the engine has written its file
  assert.equal(readFileSync(file, 'utf8'), 'cancelled\n');
});

test('writing is not repeated', async () => {
  const failure = await failureOf(
    supervisor.call('demo', { directory: `dieOnce?${path.join(directory, 'died')}`, scale: 'tiny', seed: 's' }),
  );
  assert.equal(failure.code, 'engine-stopped');
});

test('too many deaths within a minute end with advice and no new process, until a restart', async () => {
  for (let k = 0; k < 5; k++) {
    await ask('echo');
    const stopped = lineLogged('stopped unexpectedly');
    assert.ok(supervisor.pid !== null);
    process.kill(supervisor.pid, 'SIGKILL');
    await stopped;
  }
  const failure = await failureOf(ask('echo'));
  assert.equal(supervisor.state, 'failed');
  assert.equal(supervisor.pid, null);
  assert.match(failure.advice?.text ?? '', /Restart Server/);
  assert.equal((await failureOf(ask('echo'))).code, 'engine-stopped');
  assert.equal(supervisor.pid, null);
  supervisor.restart();
  assert.ok(await ask('echo'));
  assert.equal(supervisor.failure, null);
});

test('deaths of long ago do not count', async () => {
  for (let k = 0; k < 4; k++) {
    await failureOf(ask('die'));
    now += 61_000;
  }
  assert.ok(await ask('echo'));
});

test('a cancelled caller is answered at once, and the engine is notified', async () => {
  const file = path.join(directory, 'hang');
  const controller = new AbortController();
  const progress: Progress[] = [];
  const failure = await failureOf(
    ask(`hang?${file}`, {
      signal: controller.signal,
      progress: (p) => {
        progress.push(p);
        controller.abort();
      },
    }),
  );
  assert.equal(failure.code, 'cancelled');
  assert.deepEqual(progress, [{ fraction: 0.5, message: { text: 'half' } }]);
  await ask('echo'); // answered after the cancellation was: one channel, in order
  assert.equal(readFileSync(file, 'utf8'), 'cancelled\n');
});

test('a read that waits for another one after a crash is cancelled at once', async () => {
  const first = new AbortController();
  let answer: Promise<Failure> | undefined;
  await new Promise<void>((resolve) => {
    const progress = (): void => {
      if (supervisor.failure === null) process.kill(supervisor.pid ?? 0, 'SIGKILL');
      else resolve();
    };
    answer = failureOf(ask('deaf', { signal: first.signal, progress }));
  });
  const waiting = new AbortController();
  const second = failureOf(ask('deaf', { signal: waiting.signal }));
  waiting.abort();
  assert.equal((await second).code, 'cancelled');
  assert.equal((await failureOf(ask('deaf', { signal: waiting.signal }))).code, 'cancelled');
  first.abort();
  assert.equal((await answer)?.code, 'cancelled');
});

test('a call that is cancelled before it starts never reaches the engine', async () => {
  assert.equal((await failureOf(ask('echo', { signal: AbortSignal.abort() }))).code, 'cancelled');
  assert.equal(supervisor.pid, null);
});

test('a failure keeps its code, place and message', async () => {
  const failure = await failureOf(ask('fail?truncated'));
  assert.deepEqual(failure, {
    code: 'truncated',
    message: { text: '{0} is no good', args: ['x'] },
    place: { path: '/x', line: 3 },
  });
});

test('a fault inside the engine is internal, and the engine lives', async () => {
  const before = await ask('echo');
  assert.equal((await failureOf(ask('throw'))).code, 'internal');
  assert.equal((await ask('echo')).pid, before.pid);
});

test('what the engine prints goes to the log', async () => {
  const both = Promise.all([lineLogged('hello from stdout'), lineLogged('hello from stderr')]);
  await ask('say');
  await both;
});

test('an engine that cannot start fails with advice', async () => {
  const broken = new EngineSupervisor({
    launch: { module: path.join(directory, 'missing.cjs'), execArgv: [] },
    log: () => undefined,
    changed: () => undefined,
    now: () => 0,
  });
  const call = (): Promise<Result<'facts'>> => broken.call('facts', { ref: { id: 'a', path: 'echo' } });
  for (let k = 0; k < 3; k++) assert.equal((await failureOf(call())).code, 'engine-stopped');
  assert.equal(broken.state, 'failed');
  broken.dispose();
});
