import assert from 'node:assert/strict';
import { test } from 'node:test';

interface Pool {
  run<T>(
    size: { readonly seconds: number; readonly inBrowser?: boolean },
    job: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly seconds: number }>;
}
const { TestPool } = (await import(new URL('../../scripts/testPool.mjs', import.meta.url).href)) as {
  readonly TestPool: new (sizes: { readonly slots: number; readonly inBrowser: number }) => Pool;
};

test('the longest jobs start first, and jobs in a browser keep their slots', async () => {
  const pool = new TestPool({ slots: 3, inBrowser: 1 });
  const started: string[] = [];
  const end = new Map<string, () => void>();
  const job = (name: string, seconds: number, inBrowser = false): Promise<unknown> =>
    pool.run({ seconds, inBrowser }, async () => {
      started.push(name);
      await new Promise<void>((resolve) => end.set(name, resolve));
    });
  const jobs = [
    job('short', 1),
    job('long window', 9, true),
    job('middle', 2),
    job('short window', 8, true),
    job('long', 3),
  ];
  const step = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  await step();
  await step();
  assert.deepEqual(started, ['long window', 'long', 'middle']);
  // The other jobs go before a second window. At the end it takes a free slot.
  for (const [ended, next] of [
    ['long', 'short'],
    ['middle', 'short window'],
  ] as const) {
    end.get(ended)?.();
    await step();
    await step();
    assert.equal(started.at(-1), next);
  }
  for (const stop of end.values()) stop();
  await Promise.all(jobs);
  assert.equal(started.length, 5);
});

test('a job that fails gives its slot to the next one', async () => {
  const pool = new TestPool({ slots: 1, inBrowser: 0 });
  const failed = pool.run({ seconds: 2 }, () => Promise.reject(new Error('failed')));
  const next = pool.run({ seconds: 1 }, () => Promise.resolve('next'));
  await assert.rejects(failed, /failed/);
  assert.equal((await next).result, 'next');
});
