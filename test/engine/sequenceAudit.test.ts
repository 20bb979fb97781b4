import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { sampleLayouts } from '../../src/core/schema/sampleLayout.ts';
import { auditSample } from '../../src/project/audit/auditJob.ts';
import type { Finding } from '../../src/core/policy/finding.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { auditRequest, measured, table } from './auditCase.ts';
import { engine, folder, parquet } from './fixture.ts';
import { lintOn } from './lintDemo.ts';
import { writeSample } from './sampledFile.ts';

// Files with behavior sequences, from a log of five columns: ours are clean, and each planted fault is found by its own
// rule only.
const root = join(folder, 'sequences');
const HEALTHY = 'out/healthy.parquet';

const config = (file: string, { layout = 'long', more = '', log = 'log', zone = 'UTC' } = {}): string => `version: 1
seed: demo
timezone: ${zone}
data:
  impressions: {path: ${log}.parquet, columns: {user: user_id, item: item_id, time: ts}}
  samples:
    recall:
      path: ${file}
      layout: ${layout}
      columns: {user: user_id, item: item_id, label: label, source: source, positive_item: positive_item, time: ts}
events: {click: is_click}
window: {train: {from: 2026-11-05, to: 2026-11-10}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives: {per_positive: 4, exclude: {events: [click], within: train}, mix: {global_random: 1}}
output:
  layout: ${layout}
  sequences:
    clicks: {events: [click], length: 20, available_after: 1m${more}}
    days: {events: [impressions], length: 30, as_of: day, available_after: 6h, dedup: item, columns: [item, time, age]}
`;

before(async () => {
  mkdirSync(join(root, 'out'), { recursive: true });
  // Pages of five items with one time, so many exposures are ties.
  await parquet(
    join(root, 'log.parquet'),
    `SELECT (n // 5) % 60 AS user_id, hash(n) % 400 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (n // 5 * 350) SECOND AS ts, (hash(n, 'click') % 4 = 0)::TINYINT AS is_click, 'app' AS device FROM range(12000) t(n)`,
  );
  await writeSample(root, config(HEALTHY), 'recall', HEALTHY);
  // Users see few items, so they click some of them twice on a day.
  await parquet(
    join(root, 'dates.parquet'),
    `SELECT * REPLACE (ts::DATE AS ts, (user_id * 100 + hash(item_id, ts) % 5)::BIGINT AS item_id) FROM read_parquet('${join(root, 'log.parquet')}')`,
  );
});

/** The data rules that report a file, with a config and without one. The world is too small for a popularity. */
async function found(file: string, text = config(file)): Promise<{ lint: string[]; alone: string[] }> {
  const ids = (findings: readonly Finding[]): string[] =>
    [...new Set(findings.flatMap(({ rule, severity }) => (severity === 'info' ? [] : [rule])))]
      .filter((rule) => rule.startsWith('data/'))
      .sort();
  const linted = await lintOn(text, { root, path: 'case.ratio.yaml' });
  const record = { lock: null, config: null, notices: [] };
  const alone = await auditSample(
    { sample: join(root, file), of: null, record, by: null, set: {}, cache: null },
    { engine, trusted: true, cache: new FactsCache() },
    {},
  );
  return { lint: ids(linted.findings), alone: ids(alone.findings) };
}

const clean = { lint: [], alone: [] };

/** What the metric says of the clicks of a file. */
async function clicksOf(file: string): Promise<readonly unknown[]> {
  const answer = await engine.call('audit', auditRequest(join(root, file)));
  return table(measured(answer, 'sequences'), 'lists')[0] ?? [];
}

for (const [layout, ending] of sampleLayouts.flatMap((name) => ['parquet', 'jsonl'].map((end) => [name, end] as const)))
  test(`a file of ours in the layout ${layout} is clean as ${ending}`, async () => {
    const file = `out/${layout}.${ending}`;
    const plain = config(file, { layout });
    const text = layout === 'user' ? plain.replace(/ {4}days: .*\n/, '') : plain;
    await writeSample(root, text, 'recall', file);
    assert.deepEqual(await found(file, text), clean);
    const [long, own] = [await clicksOf(HEALTHY), await clicksOf(file)];
    assert.equal(own.at(-1), long.at(-1));
    // In the layout user, each sample has its slice.
    if (layout === 'user') assert.deepEqual(own, long);
  });

test('a step of the future is found in the slices of the layout user', async () => {
  const file = 'out/late.parquet';
  const late = `list_transform(clicks__ts, lambda x: x + INTERVAL 2 DAY)`;
  await parquet(
    join(root, file),
    `SELECT * REPLACE (${late} AS clicks__ts) FROM read_parquet('${join(root, 'out/user.parquet')}')`,
  );
  const { alone } = await found(file);
  assert.ok(alone.includes('data/sequence-future'), String(alone));
});

test('a file with the newest step first is clean', async () => {
  const text = config('out/newest.parquet', { more: ', newest_first: true' });
  await writeSample(root, text, 'recall', 'out/newest.parquet');
  assert.deepEqual(await found('out/newest.parquet', text), clean);
});

// Equal steps of a log of days are no duplicates, whatever the zone and the form of the days.
const days = {
  'as we write them': 'clicks__ts',
  'in seconds': 'list_transform(clicks__ts, lambda x: epoch_us(x) // 1000000)',
  'at midnight': `list_transform(clicks__ts, lambda x: (x AT TIME ZONE 'Asia/Kathmandu')::DATE::TIMESTAMP)`,
  'as dates': `list_transform(clicks__ts, lambda x: (x AT TIME ZONE 'Asia/Kathmandu')::DATE)`,
};
for (const [form, times] of Object.entries(days))
  test(`a click of the same item on the same day is no duplicate: ${form}`, async () => {
    const text = config('out/days.parquet', { log: 'dates', zone: 'Asia/Kathmandu' });
    await writeSample(root, text, 'recall', 'out/written.parquet');
    const written = `read_parquet('${join(root, 'out/written.parquet')}')`;
    await parquet(join(root, 'out/days.parquet'), `SELECT * REPLACE (${times} AS clicks__ts) FROM ${written}`);
    assert.deepEqual(await found('out/days.parquet', text), clean);
  });

const healthy = (): string => `read_parquet('${join(root, HEALTHY)}')`;

test('the lists are counted as by hand', async () => {
  const path = await parquet(
    join(root, 'out/odd.parquet'),
    `SELECT * FROM (VALUES
      (1, 10, 1, TIMESTAMP '2026-11-02 10:00:00', [1, 2, 2], [TIMESTAMP '2026-11-01', TIMESTAMP '2026-11-02 00:00:01', TIMESTAMP '2026-11-02 00:00:01']),
      (1, 11, 0, TIMESTAMP '2026-11-02 10:00:00', [3, 4], [TIMESTAMP '2026-11-02', TIMESTAMP '2026-11-01']),
      (1, 12, 0, TIMESTAMP '2026-11-02 10:00:00', [5], [TIMESTAMP '2026-11-02 10:00:00']),
      (1, 13, 0, TIMESTAMP '2026-11-02 10:00:00', [], [])) t(user_id, item_id, label, ts, hist_item_id, hist_ts)`,
  );
  const answer = await engine.call('audit', auditRequest(path));
  assert.deepEqual(table(measured(answer, 'sequences'), 'lists'), [
    ['hist', 4, 0.25, 1.5, 3, 'oldest_first', 1, 1, 1, 35_999, 'none', null, null, null, null],
  ]);
});

// Healthy forms of other tools.
const forms = {
  'rows rounded to seconds': `SELECT * REPLACE (date_trunc('second', ts) AS ts, list_transform(clicks__ts, lambda x: x + INTERVAL 1 MILLISECOND) AS clicks__ts) FROM`,
  'times in seconds': `SELECT * REPLACE (epoch(ts)::BIGINT AS ts, list_transform(clicks__ts, lambda x: epoch(x)::BIGINT) AS clicks__ts, list_transform(days__ts, lambda x: epoch(x)::BIGINT) AS days__ts) FROM`,
  'NULL instead of an empty list': `SELECT * REPLACE (CASE WHEN len(clicks__ts) > 0 THEN clicks__ts END AS clicks__ts, CASE WHEN len(clicks__ts) > 0 THEN clicks__item_id END AS clicks__item_id) FROM`,
  'two histories of ids, and a list of another kind': `SELECT * EXCLUDE (clicks__item_id, clicks__ts, days__item_id, days__ts, days__age), clicks__item_id AS click_seq, clicks__item_id[:3] AS buy_seq, ['a', 'b'] AS tag_list FROM`,
} as const;
for (const [form, select] of Object.entries(forms))
  test(`healthy: ${form}`, async () => {
    const file = `out/form-${Object.keys(forms).indexOf(form)}.parquet`;
    await parquet(join(root, file), `${select} ${healthy()}`);
    assert.deepEqual(await found(file), clean);
  });

const replaced = (sql: (list: string, value: string) => string): string =>
  `SELECT * REPLACE (${sql('clicks__item_id', 'item_id')} AS clicks__item_id, ${sql('clicks__ts', 'ts')} AS clicks__ts) FROM`;
const faults: Readonly<Record<string, readonly [rule: string, select: string]>> = {
  'steps of the next day': [
    'data/sequence-future',
    `SELECT * REPLACE (list_append(clicks__item_id[2:], coalesce(clicks__item_id[1], 9999)) AS clicks__item_id, list_append(clicks__ts[2:], ts + INTERVAL 1 DAY) AS clicks__ts) FROM`,
  ],
  'the label': [
    'data/sequence-target',
    replaced((list, value) => `CASE WHEN label = 1 THEN list_append(${list}[2:], ${value}) ELSE ${list} END`),
  ],
  'no order': [
    'data/sequence-order',
    replaced((list) => `CASE WHEN user_id % 5 = 0 THEN list_reverse(${list}) ELSE ${list} END`),
  ],
  'a list without its first value': [
    'data/sequence-length',
    `SELECT * REPLACE (clicks__item_id[2:] AS clicks__item_id) FROM`,
  ],
  'steps twice': ['data/sequence-duplicate', replaced((list) => `list_concat(${list}[-10:-1], ${list}[-1:-1])`)],
};
for (const [fault, [rule, select]] of Object.entries(faults))
  test(`planted: ${fault}`, async () => {
    const file = `out/fault-${Object.keys(faults).indexOf(fault)}.parquet`;
    await parquet(join(root, file), `${select} ${healthy()}`);
    assert.deepEqual(await found(file), { lint: [rule], alone: [rule] });
  });

test('lists beyond the length of the config are reported with the config', async () => {
  assert.deepEqual(await found(HEALTHY, config(HEALTHY).replace('length: 20', 'length: 10')), {
    lint: ['data/sequence-length'],
    alone: [],
  });
});
