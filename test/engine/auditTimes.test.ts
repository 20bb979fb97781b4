import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { figure, measured, outcomeOf, written } from './auditCase.ts';
import { auditedStage, numbers, stageRequest, writtenSample, writtenWorld, type Sampled } from './auditStage.ts';
import { engine, parquet } from './fixture.ts';

const next = numbers(5);
const below = (n: number): number => Math.floor(next() * n);
const users = Array.from({ length: 6 }, (_, user) => user);
const items = Array.from({ length: 12 }, (_, item) => item);
const own = await writtenWorld({
  log: Array.from({ length: 200 }, (_, k) => ({
    user: below(users.length),
    item: Math.min(below(items.length), below(items.length)),
    request: `r${k % 40}`,
    hour: below(24),
    click: next() < 0.4,
  })),
  candidates: [{ request: 'r1', item: 0, rank: 1 }],
  items: new Map(items.map((item) => [item, 'Rome'])),
  users: new Map(users.map((user) => [user, 'gold'])),
});
const sampled = Array.from({ length: 300 }, (_, k): Sampled => {
  const label = k % 4 === 0 ? 1 : 0;
  const entry = label === 1 ? null : (['pool', 'list', 'even'][k % 3] ?? null);
  return {
    user: below(users.length),
    item: below(items.length),
    label,
    entry,
    request: `r${k % 40}`,
    positive: 0,
    hour: 1,
  };
});
const plain = await writtenSample(own, sampled, true);

suite('a text that is not a time concerns only what reads times', () => {
  const select = (time: string, more: string): string =>
    `SELECT * REPLACE (CAST(${time} AS VARCHAR) AS ts)${more} FROM (SELECT *, row_number() OVER () AS k FROM '${plain}')`;
  const soon = "CASE WHEN k = 7 THEN 'soon' ELSE CAST(ts AS VARCHAR) END";

  for (const [title, split, metrics] of [
    ['with a column of the split', ", 'train' AS split", ['exponent', 'implied', 'exposed_requests']],
    ['without one, the fit alone needs no times', '', ['exponent']],
  ] as const)
    test(title, async () => {
      const [readable, unreadable] = await Promise.all([
        auditedStage(own, await written(select('ts', split))),
        auditedStage(own, await written(select(soon, split))),
      ]);
      for (const metric of metrics)
        assert.deepEqual(measured(unreadable.answer, metric), measured(readable.answer, metric), metric);
      for (const metric of ['time', 'false_negatives', ...(split === '' ? ['exposed_requests'] : [])]) {
        assert.equal(outcomeOf(readable.answer, metric).state, 'measured', metric);
        assert.equal(outcomeOf(unreadable.answer, metric).state, 'not-run', metric);
      }
    });
});

/** Ends as a config has them, and as instants. */
const zones = {
  UTC: {
    train: ['2026-10-25T01:30:00', '2026-10-25T05:30:00'],
    eval: ['2026-10-25T05:30:00.000001', '2026-10-25T09:30:00'],
    instants: ['2026-10-25T01:30Z', '2026-10-25T05:30Z', '2026-10-25T09:30Z'],
  },
  // Clocks are set back at 3:00: two hours are 2:00 to 3:00.
  'Europe/Berlin': {
    train: ['2026-10-25T01:30:00', '2026-10-25T05:30:00'],
    eval: ['2026-10-25T05:30:00.000001', '2026-10-25T09:30:00'],
    instants: ['2026-10-24T23:30Z', '2026-10-25T04:30Z', '2026-10-25T08:30Z'],
  },
  'Asia/Kolkata': {
    train: ['2026-10-25T01:30:00', '2026-10-25T05:30:00'],
    eval: ['2026-10-25T05:30:00.000001', '2026-10-25T09:30:00'],
    instants: ['2026-10-24T20:00Z', '2026-10-25T00:00Z', '2026-10-25T04:00Z'],
  },
} as const;
/** Ends within the two hours of Berlin that have one name. */
const sameHour = {
  train: ['2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00'],
  eval: ['2026-10-25T02:30:00.000001+01:00', '2026-10-25T05:30:00'],
  instants: ['2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T04:30Z'],
} as const;

test('rows of hours that are partly in a window, against plain loops', async () => {
  const micros = (text: string): number => Date.parse(text) * 1000;
  // Around each half hour of UTC; each time has another number of rows.
  const times = Array.from({ length: 40 }, (_, k) => micros('2026-10-24T18:00Z') + k * 1800e6)
    .flatMap((at) => [at - 1, at, at + 1])
    .flatMap((at, k) => Array.from({ length: 1 + (k % 7) }, () => at));
  const values = [...times.map((at) => `make_timestamptz(${at})`), 'NULL', 'NULL'];
  const file = await written(
    `SELECT 1 AS user_id, k AS item_id, k % 2 AS label, 'pool' AS entry, ts FROM (SELECT unnest([${values.join(', ')}]) AS ts, unnest(range(${values.length})) AS k)`,
  );
  const { plan, ...request } = await stageRequest(own, file);
  assert.ok(plan);
  for (const [timezone, { train, eval: evaluated, instants }] of [
    ...Object.entries(zones),
    ['Europe/Berlin', sameHour] as const,
  ]) {
    const window = {
      ...plan.window,
      train: { from: train[0], to: train[1] },
      eval: { from: evaluated[0], to: evaluated[1] },
    };
    const answer = await engine.call('audit', { ...request, timezone, plan: { ...plan, window } });
    const [from, cut, to] = [micros(instants[0]), micros(instants[1]), micros(instants[2])];
    const found = measured(answer, 'time');
    assert.deepEqual(
      [figure(found, 'outside'), figure(found, 'other_split')],
      [times.filter((at) => at < from || at > cut).length, times.filter((at) => at > cut && at <= to).length],
      `${timezone}, ${train[0]}`,
    );
  }
});

test('outcomes of an eval file are known until the newest impression or event', async () => {
  const hours = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 3_600_000;
  const file = await written("SELECT 1 AS user_id, 2 AS item_id, 1 AS label, TIMESTAMP '2026-11-21 01:00' AS ts");
  await parquet(
    join(own, 'events.parquet'),
    "SELECT 1 AS user_id, 2 AS item_id, TIMESTAMP '2026-11-23 04:00' AS ts, true AS is_pay",
  );
  const table = 'clicks: {path: events.parquet, columns: {user: user_id, item: item_id, time: ts}}';
  const { answer } = await auditedStage(own, file, {
    split: 'eval',
    edit: (config) => config.replace('data:', `data:\n  ${table}`).replace('first:', 'pay: is_pay, first:'),
  });
  assert.equal(figure(measured(answer, 'time'), 'label_age_youngest'), hours('2026-11-21T01:00Z', '2026-11-23T04:00Z'));
});
