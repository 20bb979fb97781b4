import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Histories, type HistoryLimits } from '../../src/core/sampling/kernel/histories.ts';
import { asc, col } from '../../src/core/relation/expression.ts';
import { named } from '../../src/core/relation/relation.ts';
import { Script } from '../../src/core/spark/script.ts';
import { addHistories } from '../../src/core/spark/sequences/histories.ts';
import type { SparkSequence } from '../../src/core/spark/sparkJob.ts';
import { Dice } from '../sampling/dice.ts';
import { answersOf } from './duckdbDialect.ts';

const sequence: Omit<SparkSequence, keyof Limits> = {
  ...{ name: 'any', events: [], availableAfter: 0, asOf: 'request', columns: ['item'], where: {}, without: [] },
  copies: [],
};

interface Timeline {
  readonly time: number[];
  readonly item: number[];
}

/** Steps of a user who repeats few items, and sometimes one of many. */
function randomTimeline(dice: Dice): Timeline {
  const length = dice.pick([0, 30, 3000, 3000]);
  const few = dice.pick([1, 2, 4]);
  const rare = dice.pick([0, 0.001, 0.005, 0.02, 1]);
  const time: number[] = [];
  const item: number[] = [];
  for (let k = 0, at = 0; k < length; k++) {
    at += dice.pick([0, 1, 1, 5]);
    time.push(at);
    item.push(dice.chance(rare) ? 100 + dice.whole(0, length) : dice.whole(1, few));
  }
  return { time, item };
}

type Limits = HistoryLimits & { readonly isNewestFirst: boolean };

function randomLimits(dice: Dice): Limits {
  return {
    length: dice.pick([1, 3, 6]),
    lookback: dice.pick([null, null, 3, 2000]),
    session: dice.pick([null, null, { gap: 3, keep: null }, { gap: 4, keep: 2 }]),
    dedup: dice.pick(['none', 'consecutive', 'item', 'item']),
    isNewestFirst: dice.chance(0.3),
  };
}

/** A table of integers, also without rows. */
function tableOf(name: string, columns: readonly string[], rows: readonly (readonly number[])[]): string {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const values = rows.map((row) => `(${row.join(', ')})`).join(', ');
  const from =
    rows.length === 0
      ? `(SELECT ${columns.map((column) => `0 AS "${column}"`).join(', ')} LIMIT 0)`
      : `(VALUES ${values})`;
  return `CREATE TABLE ${name} AS SELECT ${columns.map((column) => `CAST("${column}" AS BIGINT) AS "${column}"`).join(', ')} FROM ${from} AS v(${names})`;
}

/** The numbers of the steps of each row, by user and time of the row: those of the script. */
async function drawnBy(
  users: readonly Timeline[],
  rows: readonly (readonly number[])[],
  limits: Limits,
): Promise<Map<string, unknown>> {
  const script = new Script();
  script.section('Histories');
  const result = addHistories(script, {
    name: 'any',
    sequence: { ...sequence, ...limits },
    steps: named('given_steps'),
    order: [asc(col('request'))],
    fields: ['item', 'request'],
    isSliced: false,
    rows: named('given_rows'),
  });
  const steps = users.flatMap(({ time, item }, user) => time.map((at, k) => [user, at, item[k] ?? 0, k]));
  const [drawn = []] = await answersOf(
    script,
    'UTC',
    [
      `SELECT CAST("user" AS INT), CAST(read_t AS INT), list_transform(steps, lambda x: CAST(x.request AS INT))${limits.session ? ', list_transform(steps, lambda x: CAST(session - x.session AS INT))' : ''} FROM ${result}`,
    ],
    [
      tableOf('given_steps', ['user', 't', 'item', 'request'], steps),
      tableOf('given_rows', ['user', 'read_t', 'cutoff'], rows),
    ],
  );
  return new Map(
    drawn.map((row) => {
      const [user, at, numbers, sessions = null] = JSON.parse(row) as [number, number, number[], (number[] | null)?];
      return [`${user} ${at}`, { numbers, sessions }];
    }),
  );
}

test('histories by blocks are those of the kernel, also of users who repeat few items', async () => {
  let [long, far] = [0, 0];
  for (let world = 0; world < 60; world++) {
    const dice = new Dice(`blocks ${world}`);
    const users = Array.from({ length: 3 }, () => randomTimeline(dice));
    const limits = randomLimits(dice);
    const rows = users.flatMap(({ time }, user) =>
      [...new Set([0, 1, ...time.filter(() => dice.chance(0.05)), (time.at(-1) ?? 0) + 9])].map((at) => [
        user,
        at + 2,
        at,
      ]),
    );
    const drawn = await drawnBy(users, rows, limits);
    assert.equal(drawn.size, rows.length);
    users.forEach(({ time, item }, user) => {
      const histories = new Histories({ time: Float64Array.from(time), item: Uint32Array.from(item) }, limits);
      for (const [owner, readTime = 0, cutOff = 0] of rows) {
        if (owner !== user) continue;
        const { steps, sessions, visible } = histories.of({ readTime, cutOff });
        const inOrder = <T>(list: readonly T[]): readonly T[] => (limits.isNewestFirst ? list.toReversed() : list);
        const expected = { numbers: inOrder(steps), sessions: sessions && inOrder(sessions) };
        assert.deepEqual(drawn.get(`${user} ${readTime}`), expected, JSON.stringify({ world, user, readTime, limits }));
        long++;
        // Two blocks of steps do not reach these.
        if (visible - (steps[0] ?? visible) > 32 * limits.length) far++;
      }
    });
  }
  assert.ok(long > 3000 && far > 500, `${long} histories, ${far} with steps far back`);
});
