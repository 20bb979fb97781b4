import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { folder, jsonl, parquet } from './fixture.ts';
import { lintOn } from './lintDemo.ts';

// Histories of another tool, compared with the log of the config: each planted leak is found by its own rule and no
// other, with and without step times, and no healthy form is reported.
const root = join(folder, 'sequence-log');

const config = (file: string, log: string, sequences = '', planned = ''): string => `version: 1
seed: demo
data:
  impressions: {path: ${log}.parquet, columns: {user: uid, item: iid, time: ts, request: rid}}
  samples:
    fine_ranking: {path: ${file}, columns: {user: uid, item: iid, label: label, request: rid, time: ts}${sequences}}
events: {click: is_click, buy: is_buy}
window: {train: {from: 2026-11-12, to: 2026-11-20}}
stages: {fine_ranking: {unit: impression, positives: {events: {click: 1}}}}
${planned}`;

/** Requests of five items that scroll into view, 20 seconds after one another. A quarter are clicked. */
const logSql = (items: number): string =>
  `SELECT n // 5 % 80 AS uid, hash(n) % ${items} AS iid, n // 5 AS rid, TIMESTAMP '2026-11-01' + INTERVAL (n // 5 * 350 + n % 5 * 20) SECOND AS ts,
    (hash(n, 'click') % 4 = 0)::TINYINT AS is_click, (hash(n, 'buy') % 9 = 0)::TINYINT AS is_buy FROM range(24000) t(n)`;

before(async () => {
  mkdirSync(join(root, 'out'), { recursive: true });
  await parquet(join(root, 'log.parquet'), logSql(9000));
  await parquet(join(root, 'few.parquet'), logSql(60));
  await parquet(
    join(root, 'days.parquet'),
    `SELECT * REPLACE (time_bucket(INTERVAL 2 DAY, ts) AS ts) FROM (${logSql(9000)})`,
  );
  await parquet(join(root, 'half.parquet'), `SELECT * FROM (${logSql(9000)}) WHERE ts >= '2026-11-10'`);
});

interface Lists {
  /** SQL of which clicks `c` are steps of a row `s`, whose request began at `s.began`. */
  readonly steps?: string;
  /** The log that the histories are made from, and the one of the config. */
  readonly from?: string;
  readonly log?: string;
  /** SQL of the list of the newest steps, from the list `x` of all. */
  readonly cut?: string;
  /** Of an item. */
  readonly id?: string;
  /** What the config says about its output. */
  readonly planned?: string;
  /** The message of the finding. */
  readonly says?: RegExp;
  /** Rules that have nothing to compare. */
  readonly blind?: readonly string[];
}

/** Rules that compare step times with one another. */
const byTimes = ['data/sequence-order', 'data/sequence-duplicate'];
/** Rules about which histories of another log say nothing. */
const byContact = ['future', 'target', 'request', 'side', 'shift'].map((rule) => `data/sequence-${rule}`);
/** Half of the log has no user with twice as many steps. */
const half: Lists = { log: 'half', blind: ['data/sequence-side'] };

/** How the lists are written, and what the config declares about them. */
interface Form {
  readonly file: string;
  readonly declared?: string;
  /** SQL of the file from its rows with lists. */
  readonly write: (rows: string) => string;
}
const usual: Form = { file: 'out/rows.parquet', write: (rows) => rows };
const declared = ', sequences: {past: {columns: {item: bought, time: {column: bought_at, unit: s}}';
const renamed = (item: string, time: string): string =>
  `SELECT * EXCLUDE (hist_iid, hist_ts), ${item} AS bought, ${time} AS bought_at`;
const seconds = 'list_transform(hist_ts, lambda y: epoch(y)::BIGINT)';
const joined = (list: string): string => `list_aggregate(${list}, 'string_agg', ' | ')`;
const forms: Readonly<Record<string, Form>> = {
  'JSONL by names': { ...usual, file: 'out/rows.jsonl' },
  'JSONL with integers as times': {
    file: 'out/rows.jsonl',
    write: (rows) => `SELECT * REPLACE (${seconds} AS hist_ts) FROM (${rows})`,
  },
  'Parquet with integers as times': {
    file: 'out/rows.parquet',
    write: (rows) => `SELECT * REPLACE (list_transform(${seconds}, lambda y: y * 1000) AS hist_ts) FROM (${rows})`,
  },
  'declared lists': {
    file: 'out/rows.parquet',
    declared: `${declared}}}`,
    write: (rows) => `${renamed('hist_iid', seconds)} FROM (${rows})`,
  },
  'declared JSONL': {
    file: 'out/rows.jsonl',
    declared: `${declared}}}`,
    write: (rows) => `${renamed('hist_iid', seconds)} FROM (${rows})`,
  },
  'declared texts': {
    file: 'out/rows.parquet',
    declared: `${declared}, separator: "|"}}`,
    write: (rows) => `${renamed(joined('hist_iid'), joined(seconds))} FROM (${rows})`,
  },
};

const before_ = 'c.ts < s.began';
const newest = 'x[-20:]';

/** Writes the lists by their definition, and gives the rules about sequences that report them. */
async function found(
  {
    steps = before_,
    from = 'log',
    log = from,
    cut = newest,
    id = 'c.iid',
    planned = '',
    says = /./,
    blind = [],
  }: Lists,
  timed: boolean,
  { file, declared: sequences = '', write }: Form = usual,
): Promise<string[]> {
  const all = `(SELECT *, min(ts) OVER (PARTITION BY rid) AS began FROM read_parquet('${join(root, from)}.parquet'))`;
  const listed = `SELECT s.uid, s.iid, s.rid, s.ts, s.is_click AS label, list({'i': ${id}, 't': c.ts} ORDER BY c.ts, c.rid, c.iid) FILTER (WHERE c.iid IS NOT NULL) AS x
    FROM ${all} s LEFT JOIN (SELECT * FROM ${all} WHERE is_click = 1) c ON c.uid = s.uid AND ${steps} WHERE s.ts >= '2026-11-12' GROUP BY ALL`;
  const list = (value: string): string => `list_transform(coalesce(${cut}, []), lambda y: y.${value})`;
  await (file.endsWith('.parquet') ? parquet : jsonl)(
    join(root, file),
    write(`SELECT * EXCLUDE (x), ${list('i')} AS hist_iid${timed ? `, ${list('t')} AS hist_ts` : ''} FROM (${listed})`),
  );
  const { findings, rules } = await lintOn(config(file, log, sequences, planned), { root, path: 'case.ratio.yaml' });
  const idle = rules.flatMap(({ rule, status }) => (status === 'not-run' ? [rule] : []));
  assert.deepEqual(
    idle.filter((rule) => rule.startsWith('data/sequence') && !(timed ? blind : [...blind, ...byTimes]).includes(rule)),
    [],
  );
  for (const { rule, message } of findings) if (rule.startsWith('data/sequence')) assert.match(render(message), says);
  return [...new Set(findings.map(({ rule }) => rule))].filter((rule) => rule.startsWith('data/sequence')).sort();
}

/** Lists of a week. The log reaches further back, so histories do not grow. */
const week: Lists = {
  steps: `${before_} AND c.ts >= s.began - INTERVAL 7 DAY`,
  cut: 'x[-5:]',
  planned: 'output: {sequences: {hist: {events: [click], length: 5, lookback: 7d}}}\n',
  blind: ['data/sequence-shift'],
};

/** The same on a log with few times, each of several steps. */
const days: Lists = { ...week, from: 'days', blind: ['data/sequence-shift', 'data/sequence-duplicate'] };
/** A lookback that is hardly longer than the delay. */
const late: Lists = {
  ...week,
  steps: 'c.ts < s.began - INTERVAL 4 DAY AND c.ts >= s.began - INTERVAL 9 DAY',
  planned: 'output: {sequences: {hist: {events: [click], length: 5, available_after: 4d, lookback: 5d}}}\n',
};

const stale = /^hist: in \d+ of \d+ rows, all steps are older than the lookback$/;

const healthy: Readonly<Record<string, Lists>> = {
  'cut at the request': {},
  'a delay of 60 s': { steps: 'c.ts < s.began - INTERVAL 60 SECOND' },
  'a daily batch': { steps: "c.ts < date_trunc('day', s.began - INTERVAL 6 HOUR)" },
  'half of the log': half,
  'repeated purchases': { from: 'few' },
  'within a lookback': week,
  'within a lookback, with equal times': days,
  'within a lookback after a delay': late,
  'a daily batch within a lookback': {
    ...week,
    steps: `c.ts < date_trunc('day', s.began - INTERVAL 6 HOUR) AND c.ts >= s.began - INTERVAL 7 DAY`,
  },
  'a daily batch of two days': {
    ...week,
    steps: `c.ts < date_trunc('day', s.began) AND c.ts >= date_trunc('day', s.began) - INTERVAL 2 DAY`,
    planned: 'output: {sequences: {hist: {events: [click], length: 5, as_of: day, lookback: 2d}}}\n',
  },
  'newest first': { cut: 'list_reverse(x)[:20]' },
  'a daily batch of half of the log': { steps: "c.ts < date_trunc('day', s.began - INTERVAL 6 HOUR)", ...half },
};
const faults: Readonly<Record<string, readonly [rule: string, lists: Lists]>> = {
  'steps of the next day': ['data/sequence-future', { steps: 'c.ts < s.ts + INTERVAL 1 DAY' }],
  'no condition on the time': ['data/sequence-future', { steps: 'true' }],
  'the event of the row': ['data/sequence-target', { steps: `(${before_} OR (c.ts = s.ts AND c.iid = s.iid))` }],
  'steps of the request': ['data/sequence-request', { steps: 'c.ts < s.ts' }],
  'the oldest steps': ['data/sequence-side', { cut: 'x[:20]' }],
  'the oldest steps within a lookback': ['data/sequence-side', { ...week, cut: 'x[:5]' }],
  'the oldest steps within a lookback, with equal times': ['data/sequence-side', { ...days, cut: 'x[:5]' }],
  'the oldest steps within a lookback after a delay': ['data/sequence-side', { ...late, cut: 'x[:5]' }],
  'an old snapshot': ['data/sequence-side', { ...week, steps: "c.ts < '2026-11-05'", says: stale }],
  'an old snapshot, with equal times': ['data/sequence-side', { ...days, steps: "c.ts < '2026-11-05'", says: stale }],
  'a batch that is older than the lookback': [
    'data/sequence-side',
    { ...week, steps: 'c.ts < s.began - INTERVAL 8 DAY AND c.ts >= s.began - INTERVAL 15 DAY', says: stale },
  ],
  'other ids': ['data/sequence-log', { id: 'c.iid + 100000', blind: byContact }],
};
for (const timed of [true, false]) {
  const how = timed ? 'with step times' : 'without step times';
  for (const [name, lists] of Object.entries(healthy))
    test(`healthy, ${how}: ${name}`, async () => {
      assert.deepEqual(await found(lists, timed), []);
    });
  for (const [name, [rule, lists]] of Object.entries(faults))
    test(`planted, ${how}: ${name}`, async () => {
      assert.deepEqual(await found(lists, timed), [rule]);
    });
}

for (const [name, form] of Object.entries(forms))
  test(`other tools: ${name}`, async () => {
    assert.deepEqual(await found({}, true, form), []);
    assert.deepEqual(await found({ steps: 'c.ts < s.ts' }, true, form), ['data/sequence-request']);
  });

test('texts without a separator are refused', async () => {
  const texts = forms['declared texts'];
  assert.ok(texts);
  const form = { ...texts, declared: `${declared}}}` };
  await assert.rejects(found({}, true, form), /data\/sequence-future/);
});
