import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunningCalls } from '../../src/server/engine/runningCalls.ts';

/** A timer that the test advances. */
function clock(): { schedule: (run: () => void, ms: number) => () => void; pass: () => void } {
  const waiting = new Set<() => void>();
  return {
    schedule: (run) => {
      waiting.add(run);
      return () => {
        waiting.delete(run);
      };
    },
    pass: () => {
      for (const run of [...waiting]) {
        waiting.delete(run);
        run();
      }
    },
  };
}

test('a short call is never reported', async () => {
  const time = clock();
  let told = 0;
  const calls = new RunningCalls(() => {
    told++;
  }, time.schedule);
  assert.equal(await calls.run('1', 'page', '/a', () => Promise.resolve(7)), 7);
  time.pass();
  assert.equal(told, 0);
});

test('a long call is listed with its progress until it ends', async () => {
  const time = clock();
  const told: unknown[] = [];
  const calls: RunningCalls = new RunningCalls(() => {
    told.push(calls.list());
  }, time.schedule);
  let end: (value: null) => void = () => undefined;
  const call = calls.run('1', 'profile', '/a', (_signal, progress) => {
    progress({ fraction: 0.25, message: { text: 'reading' } });
    return new Promise<null>((resolve) => {
      end = resolve;
    });
  });
  assert.deepEqual(calls.list(), []);
  time.pass(); // long enough to be shown
  time.pass(); // shown
  end(null);
  await call;
  time.pass();
  assert.deepEqual(told, [
    [{ token: '1', method: 'profile', path: '/a', progress: { fraction: 0.25, message: { text: 'reading' } } }],
    [],
  ]);
});

test('cancel aborts the call of that token only', async () => {
  const time = clock();
  const calls = new RunningCalls(() => undefined, time.schedule);
  const aborted: string[] = [];
  const start = (token: string): Promise<string> =>
    calls.run(
      token,
      'page',
      null,
      (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted.push(token);
            resolve(token);
          });
        }),
    );
  const [, second] = [start('1'), start('2')];
  calls.cancel('2');
  calls.cancel('unknown');
  assert.equal(await second, '2');
  assert.deepEqual(aborted, ['2']);
});
