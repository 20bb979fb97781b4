import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rules } from '../../src/core/policy/rules.ts';
import { render } from '../../src/core/message/message.ts';
import { reportedRange, shown } from '../unit/lintCase.ts';
import { folder, parquet } from './fixture.ts';
import { demo, lintOn, lintOnce, notRun, writeDemoBefore } from './lintDemo.ts';
import { breakSample } from './breakSample.ts';
import { candidateWorlds } from './candidateWorlds.ts';
import { futureWorlds } from './futureWorlds.ts';
import { sequenceWorlds } from './sequenceWorlds.ts';
import { writeSample } from './sampledFile.ts';
import { changed } from '../../src/core/policy/examples/example.ts';
import type { SampleLock } from '../../src/core/sampling/lock/sampleLock.ts';

// Runs the wrong example of every data rule on files with that fault.
writeDemoBefore();

const of = (file: string): string => `read_parquet('${join(demo, file)}')`;

/** Writes the sample again as the rows of a query. */
const sample =
  (sql: string) =>
  (root: string): Promise<unknown> =>
    parquet(join(root, 'out/recall.parquet'), sql);

/** The wrong example of a rule. */
const wrongText = (id: string): string => rules.find((rule) => rule.id === id)?.docs.wrong.text ?? '';

/** Copies the sample of a config as a file of its evaluation, or of that of another config. */
async function copyAsEval(root: string, other?: string): Promise<void> {
  await writeSample(root, changed('recall').replaceAll('../', ''), 'recall', 'out/recall.parquet');
  copyFileSync(join(root, 'out/recall.parquet'), join(root, 'out/recall-eval.parquet'));
  const lock = JSON.parse(readFileSync(join(root, 'out/recall.parquet.recsample.json'), 'utf8')) as SampleLock;
  writeFileSync(
    join(root, 'out/recall-eval.parquet.recsample.json'),
    JSON.stringify({ ...lock, split: 'eval', config: { ...lock.config, path: other ?? lock.config.path } }),
  );
}

/** For each rule, a function that adds the fault to a copy of the demo, and the expected text of the finding. */
const worlds: Readonly<Record<string, { readonly write: (root: string) => Promise<unknown>; readonly tells: RegExp }>> =
  {
    'data/contradiction': {
      // A join that was made twice: positives also appear as random negatives. No owner refused any of them.
      write: sample(
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
    'data/log-q-values': {
      // The sign is wrong.
      write: sample(`SELECT * REPLACE (-log_q AS log_q) FROM ${of('out/recall.parquet')}`),
      tells: /^\d+ of \d+ values of log_q are above 0: probabilities above 1$/,
    },
    'data/time-order': {
      // The first rows were appended at the end.
      write: sample(
        `SELECT * EXCLUDE (place) FROM (SELECT *, row_number() OVER (ORDER BY ts, user_id, item_id) AS place FROM ${of('out/recall.parquet')}) ORDER BY place <= 5, place`,
      ),
      tells: /^5 of 1724 rows are earlier than a row before them; the others are in order$/,
    },
    'data/unknown-item': { write: async () => undefined, tells: /^1724 of 1724 rows have an item/ },
    'data/never-exposed': {
      // One unclicked exposure in ten, and three candidates of the same requests that were never shown.
      write: (root) =>
        parquet(
          join(root, 'out/fine_ranking.parquet'),
          `SELECT user_id, item_id, is_click AS label, 'exposed_unclicked' AS source, request_id AS request, ts AS time, position::INTEGER AS position, (CASE is_click WHEN 1 THEN 1 ELSE 10 END)::DOUBLE AS weight
      FROM ${of('data/impressions/*/*.parquet')} WHERE (is_click = 1 OR (is_viewed AND hash(request_id, item_id) % 10 = 0)) AND ts < '2026-11-20 23:00:00'
      UNION ALL (SELECT DISTINCT c.user_id, c.item_id, 0::TINYINT, 'exposed_unclicked', c.request_id, i.ts, 99, 1.0::DOUBLE FROM ${of('data/candidates/*/*.parquet')} c JOIN ${of('data/impressions/*/*.parquet')} i USING (request_id)
        WHERE i.position = 1 AND i.ts < '2026-11-20 23:00:00' AND c.reached = 'fine' AND c.item_id IN (SELECT item_id FROM ${of('data/items.parquet')} WHERE created_at < '2026-11-01' AND removed_at IS NULL) ORDER BY ALL LIMIT 3)
      ORDER BY time, request, item_id`,
        ),
      tells: /^3 of \d+ rows were never shown/,
    },
    'data/calibration': {
      // A filter after sampling dropped every second negative.
      write: async (root) => {
        await breakSample(
          root,
          wrongText('data/calibration'),
          (written) => `SELECT * FROM ${written} WHERE label = 1 OR hash(user_id, item_id, time) % 2 = 0`,
          'fine_ranking',
        );
      },
      tells: /^[\d.]+ % of the rows are positives, but the config leads to [\d.]+ %$/,
    },
    'data/hot-ratio': {
      // Nine clicks in ten are on five items.
      write: async (root) => {
        const folder = join(root, 'data/impressions');
        for (const day of readdirSync(folder))
          for (const file of readdirSync(join(folder, day)))
            await parquet(
              join(folder, day, file),
              `WITH few AS (SELECT list(item_id) AS ids FROM (SELECT item_id FROM ${of('data/items.parquet')} WHERE created_at < '2026-11-01' AND removed_at IS NULL AND status = 'online' ORDER BY item_id LIMIT 5))
              SELECT * EXCLUDE (ids) REPLACE (CASE WHEN (is_click = 1 OR play_time >= 7) AND hash(user_id, ts) % 10 > 0 THEN ids[1 + (hash(user_id, request_id, position) % 5)::INTEGER] ELSE item_id END AS item_id)
              FROM read_parquet('${join(demo, 'data/impressions', day, file)}', hive_partitioning = false), few`,
            );
        await breakSample(root, wrongText('data/hot-ratio'), (written) => `SELECT * FROM ${written}`);
      },
      tells: /^The \d most popular items are \d\d(\.\d+)? % of the positives$/,
    },
    'data/selection-bias': {
      // The uniform entry draws from a copy of a fortieth of the corpus, whatever the popularity.
      write: async (root) => {
        await breakSample(
          root,
          changed('recall'),
          (
            written,
          ) => `WITH few AS (SELECT row_number() OVER (ORDER BY item_id) - 1 AS place, item_id, count(*) OVER () AS n, title, city, category
              FROM ${of('data/items.parquet')} WHERE created_at < '2026-11-01' AND removed_at IS NULL AND status = 'online' AND hash(item_id) % 40 = 0),
            moved AS (SELECT s.* REPLACE (h.item_id AS item_id, h.city AS city, h.category AS category)
              FROM (SELECT * EXCLUDE (log_q_mix, logq_correction) REPLACE (NULL::DOUBLE AS log_q) FROM ${written} WHERE source = 'global_random') s JOIN few h ON h.place = hash(s.user_id, s.positive_item, s.ts, s.draw) % h.n)
            SELECT DISTINCT ON (user_id, positive_item, ts, item_id) * FROM moved m WHERE item_id <> positive_item
              AND NOT EXISTS (SELECT 1 FROM ${of('data/impressions/*/*.parquet')} c WHERE c.user_id = m.user_id AND c.item_id = m.item_id)
            UNION ALL BY NAME SELECT * EXCLUDE (log_q_mix, logq_correction) FROM ${written} WHERE source IS DISTINCT FROM 'global_random'`,
        );
      },
      tells: /^The negatives are 0\.\d+ bits from the items that the stage ranks, but the config leads to 0\.\d+$/,
    },
    'data/popularity-group': {
      // The users of one region choose from eight items of their own. Three regions are one, for enough users in each half.
      write: async (root) => {
        rmSync(join(root, 'out/recall.parquet'));
        await parquet(
          join(root, 'data/users.parquet'),
          `SELECT * REPLACE (CASE WHEN region IN ('西南', 'North America') THEN '华东' ELSE region END AS region) FROM ${of('data/users.parquet')}`,
        );
        const folder = join(root, 'data/impressions');
        for (const day of readdirSync(folder))
          for (const file of readdirSync(join(folder, day)))
            await parquet(
              join(folder, day, file),
              `WITH few AS (SELECT list(item_id) AS ids FROM (SELECT item_id FROM ${of('data/items.parquet')} WHERE created_at < '2026-11-01' AND removed_at IS NULL ORDER BY item_id LIMIT 8))
              SELECT i.* REPLACE ((position % 2)::TINYINT AS is_click, CASE WHEN u.region = '华东' THEN ids[1 + (hash(i.user_id, request_id, position) % 8)::INTEGER] ELSE item_id END AS item_id)
              FROM read_parquet('${join(demo, 'data/impressions', day, file)}', hive_partitioning = false) i JOIN read_parquet('${join(root, 'data/users.parquet')}') u USING (user_id), few`,
            );
      },
      tells: /^popularity counts all users together, but \d\d % of the events of region = .* are on other items$/,
    },
    'data/downsample-effect': {
      write: async () => undefined,
      tells: /^downsample_hot drops no positive: none of the \d+ items is above its threshold$/,
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
      write: sample(
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
      write: sample(
        `SELECT * REPLACE (CASE source WHEN 'hard_rank' THEN 'same_attribute' ELSE source END AS source) FROM ${of('out/recall.parquet')}`,
      ),
      tells: /^(popularity|same_attribute) has [\d.]+ % of the negatives, but the config leads to [\d.% –]+$/,
    },
    'data/pass-through': {
      // A join by the positive: every negative has the city of the positive of its group.
      write: sample(
        `SELECT * REPLACE ((SELECT i.city FROM ${of('data/items.parquet')} i WHERE i.item_id = s.positive_item) AS city) FROM ${of('out/recall.parquet')} s`,
      ),
      tells: /^\d+ of 1724 rows have a value of city that is not their own$/,
    },
    'data/log-q': {
      // The log q of one entry is that of counts that are too small.
      write: async (root) => {
        await breakSample(
          root,
          changed('recall'),
          (written) =>
            `SELECT * REPLACE (CASE source WHEN 'popularity' THEN log_q - 0.5 ELSE log_q END AS log_q) FROM ${written}`,
        );
      },
      tells: /^\d+ of \d+ rows have another log_q than the counts give$/,
    },
    ...futureWorlds,
    'data/declared-q': {
      // The uniform entry draws only items that somebody clicked.
      write: async (root) => {
        await breakSample(
          root,
          changed('recall'),
          (
            written,
          ) => `WITH hot AS (SELECT row_number() OVER (ORDER BY item_id) - 1 AS place, item_id, count(*) OVER () AS n, title, city, category
              FROM ${of('data/items.parquet')} WHERE created_at < '2026-11-01' AND removed_at IS NULL AND status = 'online'
              AND item_id IN (SELECT item_id FROM ${of('data/impressions/*/*.parquet')} WHERE is_click = 1)),
            moved AS (SELECT s.* REPLACE (h.item_id AS item_id, h.city AS city, h.category AS category)
              FROM (SELECT * EXCLUDE (log_q_mix, logq_correction) FROM ${written} WHERE source = 'global_random') s JOIN hot h ON h.place = hash(s.user_id, s.positive_item, s.ts, s.draw) % h.n)
            SELECT DISTINCT ON (user_id, positive_item, ts, item_id) * FROM moved m WHERE item_id <> positive_item
              AND NOT EXISTS (SELECT 1 FROM ${of('data/impressions/*/*.parquet')} c WHERE c.user_id = m.user_id AND c.item_id = m.item_id)
            UNION ALL BY NAME SELECT * EXCLUDE (log_q_mix, logq_correction) FROM ${written} WHERE source IS DISTINCT FROM 'global_random'`,
        );
      },
      tells: /^global_random draws [\d.]+ % of its items from other popularities/,
    },
    'data/exponent': {
      // Another tool draws uniformly. It has no log q.
      write: async (root) => {
        await breakSample(
          root,
          wrongText('data/exponent').replace('exponent: 0.75', 'exponent: 0'),
          (written) => `SELECT * EXCLUDE (log_q_mix, logq_correction) REPLACE (NULL::DOUBLE AS log_q) FROM ${written}`,
        );
      },
      tells: /^popularity draws with the exponent -?0\.\d\d, but the config says 0\.75$/,
    },
    'data/time-leak': {
      // The groups of the last day are those of the next day.
      write: sample(
        `SELECT * REPLACE (ts + INTERVAL (CASE WHEN ts >= '2026-11-20 22:00:00' THEN 2 ELSE 0 END) HOUR AS ts) FROM ${of('out/recall.parquet')}`,
      ),
      tells: /^\d+ of 1724 rows of this training file are later than the training cut$/,
    },
    'data/future': {
      // Rejections after the training cut.
      write: async (root) => {
        await breakSample(root, changed('recall'), (written) => `SELECT * FROM ${written}`);
        await parquet(
          join(root, 'data/rejections.parquet'),
          `SELECT * REPLACE (TIMESTAMP '2026-11-21 12:00:00' AS ts) FROM ${of('data/rejections.parquet')}`,
        );
      },
      tells: /^\d+ of \d+ rows come from events that were not known yet$/,
    },
    'data/split-overlap': {
      // The evaluation file is a copy of the training file.
      write: copyAsEval,
      tells: /^(\d+) of \1 groups are also in recall-eval\.parquet, the file of the other split$/,
    },
    'data/empty-groups': {
      // A filter after sampling dropped the negatives of every third positive.
      write: sample(
        `SELECT * FROM ${of('out/recall.parquet')} WHERE label = 1 OR hash(user_id, positive_item, ts) % 3 <> 0`,
      ),
      tells: /^\d+ of \d+ groups have no negatives$/,
    },
    ...candidateWorlds,
    ...sequenceWorlds,
    'data/unseen': {
      // Exposures that never came into view.
      write: async (root) => {
        await breakSample(
          root,
          wrongText('data/unseen'),
          (
            written,
          ) => `SELECT * FROM ${written} UNION ALL BY NAME (SELECT user_id, item_id, 0 AS label, 'exposed_unclicked' AS source, request_id AS request, ts AS time, position, 10.0 AS weight, city
            FROM ${of('data/impressions/*/*.parquet')} i JOIN ${of('data/items.parquet')} c USING (item_id) WHERE NOT is_viewed AND is_click = 0 AND ts < '2026-11-21' ORDER BY ts, user_id, item_id LIMIT 60)`,
          'fine_ranking',
        );
      },
      tells: /^60 of \d+ unclicked rows were not seen by their users$/,
    },
    'data/label-leak': {
      // The time spent on the item, which exists only after the event.
      write: sample(`SELECT *, (label * 10 + hash(item_id) % 7)::DOUBLE AS dwell FROM ${of('out/recall.parquet')}`),
      tells: /^dwell predicts the label with an AUC of 1\.0000: it is known only after the event$/,
    },
    'data/teacher': {
      // The teacher gives a loss: less is better.
      write: async (root) => {
        await breakSample(
          root,
          wrongText('data/teacher'),
          (written) => `SELECT * REPLACE (1 - teacher AS teacher) FROM ${written}`,
          'coarse_ranking',
        );
      },
      tells: /^The teacher ranks positives below negatives: its AUC is 0\.\d+$/,
    },
    'data/digest': {
      // The exponent changed after the file was written.
      write: async (root) => {
        const before = changed('recall').replaceAll('../', '').replace('exponent: 0.75', 'exponent: 0.5');
        await writeSample(root, before, 'recall', 'out/recall.parquet');
      },
      tells: /^The sample file was written with another value of 1 setting$/,
    },
    'data/refused': {
      write: (root) => parquet(join(root, 'data/items.parquet'), `FROM ${of('data/items.parquet')}, range(2)`),
      tells: /^The corpus has 2 rows of the item/,
    },
    'data/user-skew': {
      // 1,000 users with one positive and one negative each; ten of them have fifty more. No item is both.
      write: sample(
        `WITH i AS (SELECT item_id, city, category, row_number() OVER (ORDER BY item_id) - 1 AS place, count(*) OVER () // 2 AS pairs FROM ${of('data/items.parquet')} WHERE created_at < '2026-11-01' AND removed_at IS NULL)
      SELECT n % CASE WHEN n < 1000 THEN 1000 ELSE 10 END AS user_id, i.item_id, 'title' AS title, i.city, i.category, (1 - i.place % 2)::TINYINT AS label, NULL::VARCHAR AS source, first.item_id AS positive_item,
        TIMESTAMP '2026-11-10' + INTERVAL (n) SECOND AS ts, 0 AS draw, 0.0::DOUBLE AS log_q
      FROM range(1500) r(n), i, i AS first WHERE i.place // 2 = n % i.pairs AND i.place < 2 * i.pairs AND first.place = 2 * (n % i.pairs)`,
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
    const { findings } = await lintOnce(right.text);
    assert.deepEqual(
      shown(findings.filter(({ rule, severity }) => (rule === id && severity === declared) || severity !== 'info')),
      [],
    );
  });
}

test('data/split-overlap compares files of one config', async () => {
  const root = join(folder, 'other-config');
  cpSync(demo, root, { recursive: true });
  await copyAsEval(root, 'configs/other.ratio.yaml');
  const { findings } = await lintOn(changed('recall'), { root });
  assert.deepEqual(
    findings.filter(({ rule }) => rule === 'data/split-overlap'),
    [],
  );
});
