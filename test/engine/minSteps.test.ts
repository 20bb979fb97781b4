import './twoThreads.ts';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { ConfigDraft } from '../../src/core/config/definition/config.ts';
import { sequencesOf } from '../../src/core/data/sequences.ts';
import { render } from '../../src/core/message/message.ts';
import type { SampleSummary } from '../../src/core/sampling/sampleSummary.ts';
import { engine, folder } from './fixture.ts';
import { queryObjects } from './queryObjects.ts';
import { groupsOf, plainOutput, previewed, recallConfig, requestOf, said, writeWorld } from './samplingCase.ts';

/**
 * 12 users, 90 impressions each over three days in bursts; many have equal times, some have no request. Every fifth
 * request shows its last item 40 minutes later.
 */
const log = `SELECT u AS user_id, hash(i * 17 + u) % 11 AS item_id,
  TIMESTAMP '2026-11-01 20:00:00' + INTERVAL (i // 3 * 47 * (1 + i // 30 * 3) + i // 20 * 40000 + CASE WHEN i // 3 % 5 = 0 AND i % 3 = 2 THEN 2400 ELSE 0 END) SECOND AS ts,
  CASE WHEN (i // 3 + u) % 7 > 0 THEN 1000 * u + i // 3 END AS request_id, hash(i * 5 + u) % 3 = 0 AS is_click, hash(i * 11 + u) % 4 = 0 AS is_like
  FROM range(90) t(i), range(12) s(u)`;
/** Payments after impressions, some before them, with the request of the impression. */
const pays = `SELECT user_id, item_id, ts + INTERVAL (user_id * 7 - 20) SECOND AS ts, request_id FROM (${log}) WHERE hash(item_id * 3 + request_id) % 5 = 0 AND request_id IS NOT NULL`;
const items = 'SELECT i AS item_id FROM range(11) t(i)';

const sequences: NonNullable<NonNullable<ConfigDraft['output']>['sequences']> = {
  clicks: { events: ['click'], length: 9, available_after: '1m' },
  recent: { events: ['click', 'pay'], length: 9, available_after: '1m', lookback: '1h' },
  day: { events: ['click', 'like'], length: 9, as_of: 'day', available_after: '3h', dedup: 'item' },
  items: { events: ['impressions'], length: 9, dedup: 'item', lookback: '20m' },
  runs: { events: ['click', 'like'], length: 9, dedup: 'consecutive', newest_first: true },
  own: { events: ['click'], length: 9, session: { gap: '3m', keep: 1 }, columns: ['item', 'time', 'session'] },
  last: { events: ['pay', 'click'], length: 9, session: { gap: '90s', keep: 2 }, dedup: 'item' },
  skips: {
    events: ['impressions'],
    without: ['click', 'pay'],
    length: 9,
    available_after: '2m',
    where: { is_like: true },
  },
};

const config = (positives: string, more = ''): string =>
  `${recallConfig('{per_positive: {global_random: 2}}')
    .replace(
      '  items:',
      '  clicks: {path: data/pays.parquet, columns: {user: user_id, item: item_id, time: ts, request: request_id}, events: [pay]}\n  items:',
    )
    .replace('{click: is_click}', '{click: is_click, like: is_like, pay: {column: item_id, op: ">=", value: 0}}')
    .replace('positives: {', `positives: {${positives}`)}timezone: Asia/Shanghai
window: {train: {from: 2026-11-01, to: 2026-11-02}, eval: {from: 2026-11-03, to: 2026-11-04}}
output: {sequences: ${JSON.stringify(sequences)}}
${more}`;

let root: string;
before(async () => {
  root = await writeWorld('min-steps', { log, items, pays });
});

/** The rows of a sample as texts, and the lengths of the histories of their groups. */
async function sampled(
  text: string,
  split: 'train' | 'eval' = 'train',
  world = root,
): Promise<{
  readonly rows: readonly {
    readonly text: string;
    readonly label: number;
    readonly lengths: Readonly<Record<string, number>>;
  }[];
  readonly summary: SampleSummary;
}> {
  const request = await requestOf(world, 'recall', text, { split });
  const path = join(folder, 'min-steps', `sample.parquet`);
  const output = {
    ...plainOutput,
    path,
    format: 'parquet' as const,
    sequences: sequencesOf({ output: { sequences } }),
  };
  const summary = await engine.call('sample', { ...request, users: null, output });
  const lengths = Object.keys(sequences).map((name) => `'${name}': len(${name}__item)`);
  const rows = await queryObjects(
    `SELECT s::VARCHAR AS text, label, {${lengths.join(', ')}}::JSON::VARCHAR AS lengths FROM read_parquet('${path}') s ORDER BY text`,
  );
  return {
    summary,
    rows: rows.map((row) => ({
      text: String(row['text']),
      label: Number(row['label']),
      lengths: JSON.parse(String(row['lengths'])) as Readonly<Record<string, number>>,
    })),
  };
}

describe('min_steps', () => {
  for (const limits of [
    '',
    'max_per_user_per_day: 3, downsample_hot: {threshold: 0.05}, ',
    'events: {click: 1, pay: 2}, ',
  ]) {
    test(`leaves out positives whose written history is shorter${limits && `, after ${limits}`}`, async () => {
      const written = (steps: string): string =>
        config(limits + steps).replace(limits.includes('events') ? 'events: {click: 1}}' : '{}', '}');
      const all = await sampled(written(''));
      assert.ok(all.rows.length > 100);
      for (const name of Object.keys(sequences))
        for (const steps of [1, 2, 4]) {
          const { rows, summary } = await sampled(written(`min_steps: {${name}: ${steps}}, `));
          const expected = all.rows.filter(({ lengths }) => (lengths[name] ?? 0) >= steps);
          assert.deepEqual(
            rows.map(({ text }) => text),
            expected.map(({ text }) => text),
            `${name} ${steps}`,
          );
          assert.ok(rows.length > 0 && rows.length < all.rows.length, `${name} ${steps}: ${rows.length}`);
          const lost = all.summary.groups - summary.groups;
          assert.match(
            summary.notices.map((notice) => render(notice)).join('\n'),
            new RegExp(`^${lost} positives? of all users (is|are) left out by min_steps`, 'm'),
          );
        }
    });
  }

  test('the last session of a user counts, although no later one ends it', async () => {
    const short = `SELECT * FROM (${log}) WHERE ts < '2026-11-01 20:10:00'`;
    const world = await writeWorld('min-steps-end', { log: short, items, pays });
    const all = await sampled(config(''), 'train', world);
    for (const name of ['own', 'last'])
      for (const steps of [1, 2]) {
        const { rows } = await sampled(config(`min_steps: {${name}: ${steps}}, `), 'train', world);
        const expected = all.rows.filter(({ lengths }) => (lengths[name] ?? 0) >= steps);
        assert.ok(expected.length > 0);
        assert.deepEqual(
          rows.map(({ text }) => text),
          expected.map(({ text }) => text),
          `${name} ${steps}`,
        );
      }
  });

  test('all sequences count', async () => {
    const all = await sampled(config(''));
    const { rows } = await sampled(config('min_steps: {clicks: 3, own: 1}, '));
    const expected = all.rows.filter(({ lengths: { clicks = 0, own = 0 } }) => clicks >= 3 && own >= 1);
    assert.deepEqual(
      rows.map(({ text }) => text),
      expected.map(({ text }) => text),
    );
  });

  test('evaluation data keeps its positives, and counts them', async () => {
    const all = await sampled(config(''), 'eval');
    const { rows, summary } = await sampled(config('min_steps: {own: 2}, '), 'eval');
    assert.deepEqual(
      rows.map(({ text }) => text),
      all.rows.map(({ text }) => text),
    );
    const short = rows.filter(({ label, lengths: { own = 0 } }) => label === 1 && own < 2).length;
    assert.ok(short > 0);
    assert.ok(
      summary.notices
        .map((notice) => render(notice))
        .includes(`${short} positives of all users have a history shorter than min_steps. Evaluation data keeps them`),
    );
  });

  test('an explanation says how many steps the history has', async () => {
    const request = await requestOf(root, 'recall', config('min_steps: {clicks: 2}, '));
    const all = await requestOf(root, 'recall', config(''));
    const kept = new Set(groupsOf(await previewed(request, '3'), '3').map(({ key }) => key));
    const lost = groupsOf(await previewed(all, '3'), '3').filter(({ key }) => !kept.has(key));
    const [first] = lost;
    assert.ok(first?.item);
    const { leftOut, positiveIn } = await engine.call('explainPair', { ...request, user: '3', item: first.item });
    const ofItem = lost.filter(({ item }) => item === first.item).length;
    assert.deepEqual(leftOut, { groups: ofItem, time: first.time, sequence: 'clicks', steps: 0, required: 2 });
    assert.equal(positiveIn, [...kept].filter((key) => key.split('\u001f')[1] === first.item).length);
  });

  test('a preview has the groups of the file, and its batches', async () => {
    const training = 'training: {in_batch: {batch_size: 16}, logq: corpus}\n';
    const text = config('min_steps: {runs: 2}, ').replace('    negatives:', `    ${training}    negatives:`);
    const { summary } = await sampled(text);
    const users = Array.from({ length: 12 }, (_, user) => String(user));
    const preview = await previewed(await requestOf(root, 'recall', text), ...users);
    const groups = users.flatMap((user) => groupsOf(preview, user));
    assert.equal(groups.length, summary.groups);
    const batches = groups.map(({ inBatch }) => inBatch);
    assert.equal(Math.max(...batches.map((batch) => batch?.batch ?? 0)), Math.ceil(groups.length / 16) - 1);
    assert.match(said(preview).join('\n'), /positives of these users are left out by min_steps/);
  });
});
