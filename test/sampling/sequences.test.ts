import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { sequencesOf } from '../../src/core/data/sequences.ts';
import { engine, failureCode, failureOf, folder, parquet } from '../engine/fixture.ts';
import type { AskedQuestion } from '../../src/protocol/answers.ts';
import type { SampleSummary } from '../../src/protocol/sampling.ts';
import { withConnection } from '../engine/testDatabase.ts';
import { writeParquet } from './parquetSample.ts';
import { requestOf } from './sampled.ts';

let made = 0;

type Draft = { readonly events: string[]; readonly length: number } & Record<string, unknown>;

/** Samples a log of five columns and a table of orders. */
async function sampledWorld(
  sequence: Draft,
  { log, orders }: { readonly log: string; readonly orders: string },
): Promise<{
  readonly sample: string;
  readonly summary: SampleSummary;
  readonly question: AskedQuestion<'history-lengths'>;
}> {
  const directory = path.join(folder, `lists-${made++}`);
  mkdirSync(directory);
  await parquet(path.join(directory, 'log.parquet'), log);
  await parquet(path.join(directory, 'orders.parquet'), orders);
  const columns = { user: 'u', item: 'i', time: 't' };
  const output = { sequences: { steps: sequence } };
  const config = {
    version: 1,
    seed: 'steps',
    data: {
      impressions: { path: 'log.parquet', columns },
      clicks: { path: 'orders.parquet', columns, events: ['order'] },
      items: { path: 'log.parquet', columns: { item: 'i' } },
    },
    events: { click: 'label', order: { column: 'paid', op: '=', value: 1 } },
    window: { train: { from: '2026-03-01', to: '2026-03-31' } },
    timezone: 'Asia/Shanghai',
    stages: {
      recall: {
        unit: 'positive',
        positives: { events: { click: 1 } },
        negatives: { per_positive: 1, mix: { global_random: 1 } },
      },
    },
    output,
  };
  const file = path.join(directory, 'steps.ratio.json');
  writeFileSync(file, JSON.stringify(config));
  const sample = path.join(directory, 'sample.parquet');
  const sequences = sequencesOf({ output });
  const request = await requestOf(file, 'recall');
  const summary = await writeParquet(request, sample, { sequences });
  return { sample, summary, question: { kind: 'history-lengths', timezone: config.timezone, request, sequences } };
}

/** The lists of a column of a world, by the time of the row. */
async function listsOf(
  sequence: Draft,
  { column = 'item', ...tables }: { readonly log: string; readonly orders: string; readonly column?: string },
): Promise<Record<string, unknown>> {
  const { sample } = await sampledWorld(sequence, tables);
  return await withConnection(async (connection) => {
    const rows = await connection.run(
      `SELECT DISTINCT strftime(time, '%d %H:%M') AS moment, CAST("steps__${column}" AS VARCHAR) AS list FROM '${sample}' ORDER BY moment`,
    );
    return Object.fromEntries((await rows.getRowObjectsJson()).map(({ moment, list }) => [moment as string, list]));
  });
}

const log = (...rows: readonly string[]): string =>
  `SELECT * FROM (VALUES ${rows.map((row) => `(1, ${row}, true, ['tag'])`).join(', ')}) AS v(u, i, t, label, tags)`;
const orders = (...rows: readonly string[]): string =>
  `SELECT * FROM (VALUES ${rows.map((row) => `(1, ${row}, 1)`).join(', ')}) AS v(u, i, t, paid)`;

for (const more of [{ available_after: '1h' }, { lookback: '5d' }, { as_of: 'day', length: 2 }])
  test(`the estimate of the lengths is that of the sample: ${JSON.stringify(more)}`, async () => {
    const times = ['02', '03', '05', '09', '11', '17'].map((day) => `TIMESTAMP '2026-03-${day} 10:00:00'`);
    const { summary, question } = await sampledWorld(
      { events: ['click', 'order'], length: 4, ...more },
      { log: log(...times.map((time, k) => `${k}, ${time}`)), orders: orders(`12, TIMESTAMP '2026-03-02 11:30:00'`) },
    );
    const answer = await engine.call('answer', { ref: question.request.data.log.impressions.ref, question });
    const [{ full: _, newestAge: __, ...written } = assert.fail('a sequence')] = summary.sequences ?? [];
    assert.ok(written.steps > 5 && written.empty > 0);
    const ofUsers = path.join(folder, `users-${made++}.parquet`);
    await writeParquet(question.request, ofUsers, { sequences: question.sequences, layout: 'user' });
    const stored = await withConnection(async (connection) => {
      const rows = await connection.runAndReadAll(`SELECT CAST(sum(len(steps__item)) AS INTEGER) FROM '${ofUsers}'`);
      return rows.getRows()[0]?.[0];
    });
    // Without a request id, the groups of a time are a request.
    assert.deepEqual(answer, { sequences: [{ ...written, stored, requests: written.groups }] });
  });

test('a daily history forgets old steps long after the newest one', async () => {
  const lists = await listsOf(
    { events: ['order'], length: 5, as_of: 'day', lookback: '7d' },
    {
      log: log(`10, TIMESTAMP '2026-03-04 10:00:00'`, `11, TIMESTAMP '2026-03-20 10:00:00'`),
      orders: orders(`12, TIMESTAMP '2026-03-02 09:00:00'`),
    },
  );
  assert.deepEqual(lists, { '04 10:00': '[12]', '20 10:00': '[]' });
});

test('an event with a date only is visible from the next day on', async () => {
  const lists = await listsOf(
    { events: ['order'], length: 5 },
    {
      log: log(`10, TIMESTAMP '2026-03-14 10:00:00'`, `11, TIMESTAMP '2026-03-15 00:00:00'`),
      orders: orders(`12, DATE '2026-03-14'`),
    },
  );
  assert.deepEqual(lists, { '14 10:00': '[]', '15 00:00': '[12]' });
});

for (const [of, ids, type] of [
  ['a wider integer', '3000000000::BIGINT', 'BIGINT[]'],
  ['an unsigned integer', '18446744073709551615::UBIGINT', 'DECIMAL(38,0)[]'],
  ['a narrower integer', '12::TINYINT', 'INTEGER[]'],
] as const)
  test(`a list of items has the widest type of the log and of the events: ${of}`, async () => {
    const { sample } = await sampledWorld(
      { events: ['order'], length: 5 },
      {
        log: log(`10, TIMESTAMP '2026-03-14 10:00:00'`, `11, TIMESTAMP '2026-03-15 00:00:00'`),
        orders: orders(`${ids}, TIMESTAMP '2026-03-14 09:00:00'`),
      },
    );
    await withConnection(async (connection) => {
      const rows = await connection.run(
        `SELECT DISTINCT typeof(item), typeof(steps__item), CAST(steps__item AS VARCHAR) FROM '${sample}'`,
      );
      assert.deepEqual(await rows.getRowsJson(), [['INTEGER', type, `[${ids.split('::')[0] ?? ''}]`]]);
    });
  });

test('an event in time belongs to its impression, also if the same pair has an event without a time', async () => {
  const lists = await listsOf(
    { events: ['impressions', 'order'], length: 5, available_after: '30m', columns: ['event'] },
    {
      log: log(`10, TIMESTAMP '2026-03-14 10:00:00'`, `11, TIMESTAMP '2026-03-15 00:00:00'`),
      orders: orders(`10, TIMESTAMP '2026-03-14 10:05:00'`, `10, CAST(NULL AS TIMESTAMP)`),
      column: 'event',
    },
  );
  assert.equal(lists['15 00:00'], '[order]');
});

test('a column of lists cannot be copied into a sequence', async () => {
  assert.equal(
    await failureCode(
      listsOf(
        { events: ['click'], length: 5, columns: ['item', 'tags'] },
        {
          log: log(`10, TIMESTAMP '2026-03-14 10:00:00'`),
          orders: orders(`12, TIMESTAMP '2026-03-14 09:00:00'`),
          column: 'tags',
        },
      ),
    ),
    'bad-request',
  );
});

test('a condition on a column that no step has is refused', async () => {
  const input = {
    log: log(`10, TIMESTAMP '2026-03-14 10:00:00'`),
    orders: orders(`12, TIMESTAMP '2026-03-14 09:00:00'`),
  };
  const where = { events: ['click'], length: 5, where: { nope: 'home' } };
  assert.equal(await failureCode(listsOf(where, input)), 'bad-request');
});

test('weights are exact, and an event that is listed twice counts once', async () => {
  const weighted = await listsOf(
    { events: { click: 2 ** 60 } as never, length: 5, columns: ['actions'] },
    {
      log: log(`10, TIMESTAMP '2026-03-14 10:00:00'`, `11, TIMESTAMP '2026-03-15 10:00:00'`),
      orders: orders(`12, TIMESTAMP '2026-03-14 09:00:00'`),
      column: 'actions',
    },
  );
  assert.equal(weighted['15 10:00'], '[1152921504606846976]');
  const listed = await listsOf(
    { events: ['click', 'click'], length: 5, columns: ['actions'] },
    {
      log: log(`10, TIMESTAMP '2026-03-14 10:00:00'`, `11, TIMESTAMP '2026-03-15 10:00:00'`),
      orders: orders(`12, TIMESTAMP '2026-03-14 09:00:00'`),
      column: 'actions',
    },
  );
  assert.equal(listed['15 10:00'], '[1]');
});

test('a copied column with several types is refused, but integers of several widths are exact', async () => {
  const world = (score: string): { readonly log: string; readonly orders: string } => ({
    log: `SELECT *, 9007199254740993 AS score FROM (${log(`10, TIMESTAMP '2026-03-04 10:00:00'`)})`,
    orders: `SELECT *, ${score} AS score FROM (${orders(`12, TIMESTAMP '2026-03-02 09:00:00'`)})`,
  });
  const score = { column: 'score', from: 'impressions' };
  const draft = { events: ['click', 'order'], length: 5, columns: ['item', score] };
  const { message, place } = await failureOf(listsOf(draft, world('0.5::DOUBLE')));
  assert.equal(render(message), 'score has several types in the steps of steps: integer, float');
  assert.equal(place?.column, 'score');
  const lists = await listsOf(draft, { ...world('9007199254740993'), column: 'score' });
  assert.deepEqual(lists, { '04 10:00': '[9007199254740993]' });
  assert.deepEqual(await listsOf(draft, { ...world('7::INTEGER'), column: 'score' }), { '04 10:00': '[7]' });
});
