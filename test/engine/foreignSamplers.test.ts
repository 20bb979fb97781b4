import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { auditSample, type AuditOptions, type Audited } from '../../src/project/audit/auditJob.ts';
import { openConfig } from '../../src/project/stage/configSource.ts';
import { FactsCache } from '../../src/project/facts/factsCache.ts';
import { engine, folder } from './fixture.ts';
import {
  DAY,
  foreignWorld,
  fromPool,
  PER_POSITIVE,
  sampleOf,
  shopLog,
  writeLog,
  writeRows,
  type ForeignWorld,
  type Row,
} from './foreignSamplers.ts';

const log = shopLog(7);
const own = join(folder, 'foreign');
mkdirSync(own);
let seed = 100;
let files = 0;

async function audited(path: string, of: AuditOptions['of'] = null): Promise<Audited> {
  const record = { lock: null, config: null, notices: [] };
  return await auditSample(
    { sample: path, of, record, set: {}, by: null, cache: null },
    { engine, cache: new FactsCache(), trusted: true },
    {},
  );
}

/** The findings of an audit without a config, as `severity rule`. */
async function found(rows: readonly Row[], more: Parameters<typeof writeRows>[3] = {}): Promise<readonly string[]> {
  const { findings } = await audited(writeRows(own, `sample-${files++}.csv`, rows, more));
  for (const { message, details } of findings) assert.ok(render(message) !== '' && details.length < 8);
  return findings.map(({ severity, rule }) => `${severity} ${rule}`);
}

writeLog(own, log);
/** The config that a user would write for such files. */
const text = (entry: string): string => `version: 1
seed: foreign
data:
  impressions: {path: log.csv, columns: {user: user_id, item: item_id, time: ts, request: request_id}}
  items: {path: items.csv, columns: {item: item_id}}
events: {click: is_click}
window: {train: {from: 2026-11-20, to: 2026-11-20}, eval: {from: 2026-11-21, to: 2026-11-21}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives:
      per_positive: ${PER_POSITIVE}
      exclude: {events: [click], within: train}
      mix: {popularity: ${entry}}
`;

/** The statuses and findings of the rules with the config. */
async function against(rows: readonly Row[], entry: string): Promise<Audited> {
  const path = join(own, 'recall.ratio.yaml');
  const config = openConfig({ path, name: path, text: text(entry), language: 'yaml', root: own });
  const sample = writeRows(own, `sample-${files++}.csv`, rows);
  return await audited(sample, { config, stage: 'recall', split: null });
}

const world = (): ForeignWorld => foreignWorld(log, seed++);

/** Draws by clicks + 1 to the power `exponent`, with the log q of `logQ` for a chance. */
function byPopularity(exponent: number, logQ: (log: number) => number = (q) => q, claimed = exponent): Row[] {
  const own = world();
  const clicks = own.clicks(DAY);
  const weights = clicks.map((count) => (count + 1) ** exponent);
  const claims = clicks.map((count) => (count + 1) ** claimed);
  const sum = claims.reduce((a, b) => a + b, 0);
  return sampleOf(
    own,
    fromPool(own, weights, (item) => logQ(Math.log((claims[item] ?? 0) / sum))),
  );
}

/** Draws from the items that `shown` gives for a positive. */
function fromLists(key: 'request' | 'user'): Row[] {
  const own = world();
  const lists = new Map<number, number[]>();
  for (const row of log)
    if (row.second < DAY && !row.click) lists.set(row[key], [...new Set([...(lists.get(row[key]) ?? []), row.item])]);
  const clicked = new Set(log.flatMap((one) => (one.click && one.second < DAY ? [`${one.user} ${one.item}`] : [])));
  return sampleOf(own, (positive) => {
    const list = (lists.get(positive[key]) ?? []).filter((item) => !clicked.has(`${positive.user} ${item}`));
    const items = list.sort(() => own.random() - 0.5).slice(0, PER_POSITIVE);
    return items.map((item) => [item, -Math.log(list.length)]);
  });
}

describe('files of other samplers, without a config', () => {
  test('sound files have no finding: uniform, popularity, in the request, exposures of the user', async () => {
    for (const rows of [
      byPopularity(0),
      byPopularity(0.75),
      byPopularity(1),
      fromLists('request'),
      fromLists('user'),
      byPopularity(0.75).sort((a, b) => a.user - b.user),
    ])
      assert.deepEqual(await found(rows), []);
  });

  const faults: Readonly<Record<string, readonly [() => readonly Row[], ...string[]]>> = {
    'the wrong sign of log q': [() => byPopularity(0.75, (q) => -q), 'error data/log-q-values'],
    'a logarithm to the base 10': [() => byPopularity(0.75, (q) => q / Math.LN10), 'error data/log-q-values'],
    'a chance instead of its logarithm': [() => byPopularity(0.75, Math.exp), 'error data/log-q-values'],
    'log q plus 2': [() => byPopularity(0.75, (q) => q + 2), 'error data/log-q-values'],
    'log q minus 2': [() => byPopularity(0.75, (q) => q - 2), 'warning data/log-q-values'],
    'uniform draws with log q minus 1': [() => byPopularity(0, (q) => q - 1), 'warning data/log-q-values'],
    'the log q of another exponent': [() => byPopularity(1, (q) => q, 0.5), 'warning data/log-q-values'],
    'the log q of a smaller exponent': [() => byPopularity(0.25, (q) => q, 0.75), 'warning data/log-q-values'],
    'a file that was appended twice': [
      () => {
        const rows = byPopularity(0.75);
        return [...rows, ...rows];
      },
      'warning data/duplicate',
    ],
    'clicks among the negatives of their request': [
      () => {
        const rows = byPopularity(0.75);
        const clicked = new Map(rows.flatMap((row) => (row.label === 1 ? [[row.request, row.item]] : [])));
        return rows.map((row, k) => (k % 50 === 1 ? { ...row, item: clicked.get(row.request) ?? row.item } : row));
      },
      'error data/contradiction',
    ],
    'rows of the first hour at the end': [
      () => {
        const rows = byPopularity(0.75);
        return [...rows.slice(300), ...rows.slice(0, 300)];
      },
      'warning data/time-order',
    ],
  };
  for (const [name, [rows, ...expected]] of Object.entries(faults))
    test(name, async () => assert.deepEqual(await found(rows()), expected));

  test('log q that is possible, but that no pool confirms, has not passed', async () => {
    const status = async (rows: readonly Row[]): Promise<string> => {
      const { rules } = await audited(writeRows(own, `sample-${files++}.csv`, rows));
      const found = rules.find(({ rule }) => rule === 'data/log-q-values');
      return `${found?.status ?? ''}${found?.because ? ` ${render(found.because)}` : ''}`;
    };
    const unconfirmed = 'not-run the values of log_q are possible, but no pool shows whether they are right';
    const rows = byPopularity(0.75, (q) => q + 2);
    assert.match(await status(rows), /^found/);
    // Too few draws, constant lists that cannot be told from a shifted log q, and lists of different lengths.
    assert.equal(await status(rows.slice(0, 100)), unconfirmed);
    assert.equal(await status(byPopularity(0, (q) => q + 1)), unconfirmed);
    assert.equal(await status(fromLists('user')), unconfirmed);
    assert.equal(await status(byPopularity(0.75)), 'passed');
  });

  test('a column that gives the label away', async () => {
    const rows = byPopularity(0.75);
    assert.deepEqual(await found(rows, { dwell: ({ label, item }) => (label === 1 ? 5 + (item % 7) : 0) }), [
      'error data/label-leak',
    ]);
    assert.deepEqual(await found(rows, { price: ({ item }) => item % 7 }), []);
    // A text that only exposures have, and one that is missing for both alike.
    assert.deepEqual(await found(rows, { channel: ({ label, item }) => (label === 1 || item % 3 > 0 ? 'hot' : '') }), [
      'error data/label-leak',
    ]);
    assert.deepEqual(await found(rows, { city: ({ item }) => (item % 3 > 0 ? 'north' : '') }), []);
  });
});

describe('files of other samplers, with a config', () => {
  test('rules that compare nothing have not run, and say why; those that do compare have passed', async () => {
    const { rules, findings } = await against(byPopularity(0.75), '{share: 1, exponent: 0.75, smoothing: 1}');
    assert.deepEqual(
      findings.map(({ rule, message }) => `${rule} ${render(message)}`),
      [],
    );
    const because = rules.find(({ rule }) => rule === 'data/log-q')?.because;
    assert.match(because ? render(because) : '', /no lock file, and the sampler would draw most of its negatives/);
    const passed = rules.flatMap(({ rule, status }) => (status === 'passed' ? [rule] : []));
    for (const rule of ['data/log-q-values', 'data/declared-q', 'data/exponent'])
      assert.ok(passed.includes(rule), JSON.stringify(rules));
  });

  /** Draws by clicks until `counted`, without the items that the user clicked until `excluded`. */
  const byClicks = (counted: number, excluded: number, smoothing: number): Row[] => {
    const own = world();
    const weights = own.clicks(counted).map((count) => (count + smoothing) ** 0.75);
    return sampleOf(
      own,
      fromPool(own, weights, () => -3, excluded),
    );
  };
  const future = ['data/impossible-draw', 'data/missing-choices'];
  const hindsight = async (rows: readonly Row[], smoothing: number): Promise<readonly string[]> => {
    const { findings, rules } = await against(rows, `{share: 1, exponent: 0.75, smoothing: ${smoothing}}`);
    for (const rule of future) assert.notEqual(rules.find((one) => one.rule === rule)?.status, 'not-run', rule);
    return findings.filter(({ rule }) => future.includes(rule)).map(({ message }) => render(message));
  };

  test('a popularity that counts the whole log draws items of probability 0', async () => {
    assert.deepEqual(await hindsight(byClicks(DAY, DAY, 0), 0), []);
    const [text = '', ...more] = await hindsight(byClicks(2 * DAY, DAY, 0), 0);
    assert.match(text, /^\d+ of [\d,]+ draws of popularity have the probability 0: their items are not in its pool$/);
    assert.deepEqual(more, []);
  });

  test('negatives from which later choices are missing were drawn with knowledge of them', async () => {
    assert.deepEqual(await hindsight(byClicks(DAY, DAY, 1), 1), []);
    const [text = '', ...more] = await hindsight(byClicks(DAY, 2 * DAY, 1), 1);
    const [, expected] =
      /^0 of [\d,]+ negatives from pools are chosen later by their users, but the config leads to ([\d.]+)$/.exec(
        text,
      ) ?? assert.fail(text);
    // The honest file has about that many: counted here from the log, without the product.
    const honest = byClicks(DAY, DAY, 1).filter(
      (row) =>
        row.label === 0 &&
        log.some((one) => one.click && one.second >= DAY && one.user === row.user && one.item === row.item),
    ).length;
    assert.ok(Math.abs(honest - Number(expected)) < 4 * Math.sqrt(honest), `${honest} against ${expected}`);
    assert.deepEqual(more, []);
  });
});
