import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rules } from '../../src/core/policy/rules.ts';
import { render } from '../../src/core/message/message.ts';
import { reportedRange, shown } from '../unit/lintCase.ts';
import { folder, parquet } from './fixture.ts';
import { demo, lintOn, notRun, writeDemoBefore } from './lintDemo.ts';

// Runs the wrong example of every data rule on files with that fault.
writeDemoBefore();

const of = (file: string): string => `read_parquet('${join(demo, file)}')`;

/** For each rule, a function that adds the fault to a copy of the demo, and the expected text of the finding. */
const worlds: Readonly<Record<string, { readonly write: (root: string) => Promise<unknown>; readonly tells: RegExp }>> =
  {
    'data/contradiction': {
      // A join that was made twice: positives also appear as random negatives. No owner refused any of them.
      write: (root) =>
        parquet(
          join(root, 'out/recall.parquet'),
          `SELECT * FROM ${of('out/recall.parquet')}
      UNION ALL (SELECT * REPLACE (0::TINYINT AS label, 'global_random' AS source) FROM ${of('out/recall.parquet')} s WHERE label = 1
          AND NOT EXISTS (SELECT 1 FROM ${of('data/rejections.parquet')} r WHERE r.user_id = s.user_id AND r.item_id = s.item_id) ORDER BY ts, user_id, item_id LIMIT 12)`,
        ),
      tells: /^12 items are positive and negative/,
    },
    'data/duplicate': {
      write: async (root) => copyFileSync(join(root, 'out/recall.parquet'), join(root, 'out/recall-again.parquet')),
      tells: /^1724 of 3448 rows repeat/,
    },
    'data/unknown-item': { write: async () => undefined, tells: /^1724 of 1724 rows have an item/ },
    'data/never-exposed': {
      // Every exposure as a row, and three candidates of the same requests that were never shown.
      write: (root) =>
        parquet(
          join(root, 'out/fine_ranking.parquet'),
          `SELECT user_id, item_id, is_click AS label, 'exposed_unclicked' AS source, request_id AS request, ts AS time, position::INTEGER AS position, 1.0::DOUBLE AS weight
      FROM ${of('data/impressions/*/*.parquet')}
      UNION ALL (SELECT DISTINCT c.user_id, c.item_id, 0::TINYINT, 'exposed_unclicked', c.request_id, i.ts, 99, 1.0::DOUBLE FROM ${of('data/candidates/*/*.parquet')} c JOIN ${of('data/impressions/*/*.parquet')} i USING (request_id)
        WHERE i.position = 1 AND c.reached = 'fine' AND c.item_id IN (SELECT item_id FROM ${of('data/items.parquet')} WHERE created_at < '2026-11-01' AND removed_at IS NULL) ORDER BY ALL LIMIT 3)`,
        ),
      tells: /^3 of \d+ rows were never shown/,
    },
    'data/shortfall': {
      // Every item has its own city, so no item shares the city of a positive.
      write: async (root) => {
        for (const file of ['data/items.parquet', 'out/recall.parquet'])
          await parquet(join(root, file), `SELECT * REPLACE (concat('city ', item_id) AS city) FROM ${of(file)}`);
      },
      tells: /^same_city draws none of the \d+ requested negatives$/,
    },
    'data/partition-day': {
      // Rows of the first day again, in the folder of a much later day.
      write: async (root) => {
        const far = join(root, 'data/impressions/dt=2026-12-24');
        mkdirSync(far);
        const first = `FROM ${of('data/impressions/*/*.parquet')} ORDER BY ts, user_id, item_id LIMIT 12`;
        await parquet(join(far, '0.parquet'), `SELECT * EXCLUDE (dt) FROM (${first})`);
      },
      tells: /^12 of \d+ rows are more than a day away from the day of their folder$/,
    },
    'data/false-negative': {
      // A sampler without exclusion: 40 negatives are what the user had clicked earlier.
      write: (root) =>
        parquet(
          join(root, 'out/recall.parquet'),
          `SELECT * FROM ${of('out/recall.parquet')}
      UNION ALL (SELECT s.* REPLACE (i.item_id AS item_id, c.city AS city, c.category AS category, 0::TINYINT AS label, 'popularity' AS source) FROM (SELECT * FROM ${of('out/recall.parquet')} WHERE label = 1) s
        JOIN (SELECT DISTINCT user_id, item_id, min(ts) AS clicked FROM ${of('data/impressions/*/*.parquet')} WHERE is_click = 1 GROUP BY ALL) i ON i.user_id = s.user_id AND i.clicked < s.ts AND i.item_id <> s.item_id
        JOIN ${of('data/items.parquet')} c ON c.item_id = i.item_id
        WHERE NOT EXISTS (SELECT 1 FROM ${of('data/rejections.parquet')} r WHERE r.user_id = s.user_id AND r.item_id = i.item_id) AND NOT EXISTS (SELECT 1 FROM ${of('out/recall.parquet')} p WHERE p.user_id = s.user_id AND p.item_id = i.item_id AND p.ts = s.ts) ORDER BY ts, user_id, i.item_id LIMIT 40)`,
        ),
      tells: /^40 of \d+ negatives are items that their users had chosen before$/,
    },
    'data/mix': {
      // Another tool wrote twice the configured share of items of the same city.
      write: (root) =>
        parquet(
          join(root, 'out/recall.parquet'),
          `SELECT * REPLACE (CASE source WHEN 'hard_rank' THEN 'same_attribute' ELSE source END AS source) FROM ${of('out/recall.parquet')}`,
        ),
      tells: /^(popularity|same_attribute) has [\d.]+ % of the negatives, but the config leads to [\d.]+ %$/,
    },
    'data/pass-through': {
      // A join by the positive: every negative has the city of the positive of its group.
      write: (root) =>
        parquet(
          join(root, 'out/recall.parquet'),
          `SELECT * REPLACE ((SELECT i.city FROM ${of('data/items.parquet')} i WHERE i.item_id = s.positive_item) AS city) FROM ${of('out/recall.parquet')} s`,
        ),
      tells: /^\d+ of 1724 rows have a value of city that is not their own$/,
    },
    'data/user-skew': {
      // 1,000 users with one row each; ten of them have fifty more.
      write: (root) =>
        parquet(
          join(root, 'out/recall.parquet'),
          `SELECT n % CASE WHEN n < 1000 THEN 1000 ELSE 10 END AS user_id, item_id, 'title' AS title, city, category, 1::TINYINT AS label, NULL::VARCHAR AS source, item_id AS positive_item,
        TIMESTAMP '2026-11-10' + INTERVAL (n) SECOND AS ts, 0 AS draw, 0.0::DOUBLE AS log_q
      FROM range(1500) r(n), (SELECT item_id, city, category FROM ${of('data/items.parquet')} WHERE created_at < '2026-11-01' AND removed_at IS NULL ORDER BY item_id LIMIT 1)`,
        ),
      tells: /^10 of 1000 users have 34 % of the rows$/,
    },
  };

for (const {
  id,
  severity: declared,
  docs: { wrong, right },
} of rules.filter(({ kind }) => kind === 'data')) {
  test(`${id} is reported at its place, only with its companion rules; its right example is clean`, async () => {
    const world = worlds[id];
    assert.ok(world, `${id} has a world`);
    const root = join(folder, id.replace('/', '-'));
    cpSync(demo, root, { recursive: true });
    await world.write(root);
    const linted = await lintOn(wrong.text, { root });
    const own = linted.findings.filter(({ rule, severity }) => rule === id && severity === declared);
    assert.equal(own.length, 1, shown(linted.findings).concat(notRun(linted)).join('\n'));
    assert.deepEqual(own[0]?.range, reportedRange(wrong));
    assert.match(own.map(({ message }) => render(message)).join(), world.tells);
    assert.deepEqual(
      [...new Set(linted.findings.map(({ rule }) => rule).filter((rule) => rule !== id))].sort(),
      [...(wrong.companions ?? [])].sort(),
      shown(linted.findings).join('\n'),
    );

    const { findings } = await lintOn(right.text);
    assert.deepEqual(
      shown(findings.filter(({ rule, severity }) => (rule === id && severity === declared) || severity !== 'info')),
      [],
    );
  });
}
