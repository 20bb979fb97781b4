import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { plainPlacement } from '../../src/core/sampling/placement.ts';
import { folder, engine } from './fixture.ts';
import { queryObjects } from './queryObjects.ts';
import { plainOutput, recallConfig, requestOf, writeWorld } from './samplingCase.ts';

const batchSize = 256;
const perPositive = 10;

const config = (training: string): string =>
  `${recallConfig(`{per_positive: ${perPositive}, mix: {exposed_unclicked: 0.3, popularity: {share: 0.4, exponent: 1}, global_random: 0.3}}`)}    training: {loss: sampled_softmax, logq: shares${training}}
output: {order: shuffled}
`;

let root = '';
before(async () => {
  // 2,560 requests of 160 users. Each shows one clicked item and 8 others, popular ones more often: all pools overlap.
  const item = (salt: number): string =>
    `CAST(floor(400 * pow((hash(r, k, ${salt}) % 1000003) / 1000003.0, 3)) AS INTEGER)`;
  root = await writeWorld('weighted', {
    log: `SELECT 'u' || (r % 160) AS user_id, ${item(7)} + CASE WHEN k = 0 THEN 0 ELSE 400 * k END AS item_id,
      TIMESTAMP '2026-11-02' + INTERVAL (r) SECOND AS ts, 'r' || r AS request_id, k = 0 AS is_click
      FROM range(2560) a(r), range(9) b(k)`,
    items: 'SELECT range AS item_id FROM range(3600)',
  });
});

let files = 0;

interface Shares {
  readonly [entry: string]: number;
}

/**
 * Shares of the softmax at equal scores, counted as a trainer would: cut the file into batches in its order, and give
 * each positive its drawn rows and the other positives of its batch.
 */
async function countedShares(training: string): Promise<{ readonly shares: Shares; readonly reported: Shares }> {
  const path = join(folder, 'weighted-files', `${++files}.parquet`);
  const request = await requestOf(root, 'recall', config(training));
  const { effective, entries } = await engine.call('sample', {
    ...request,
    users: null,
    output: { ...plainOutput, format: 'parquet', placement: { ...plainPlacement, order: 'shuffled' }, path },
  });
  const isBatched = training.includes('in_batch');
  const candidates = isBatched
    ? `SELECT p.g AS g, 'in_batch' AS entry, exp(-o.logq_correction_batch) AS part
       FROM positives p JOIN positives o ON o.batch = p.batch AND o.g <> p.g`
    : `SELECT NULL AS g, NULL AS entry, NULL AS part WHERE false`;
  const rows = await queryObjects(`
    WITH numbered AS (SELECT *, sum(label) OVER (ROWS UNBOUNDED PRECEDING) - 1 AS g FROM read_parquet('${path}')),
    positives AS (SELECT *, g // ${batchSize} AS batch FROM numbered WHERE label = 1),
    parts AS (SELECT g, entry, exp(-logq_correction) AS part FROM numbered WHERE label = 0 UNION ALL ${candidates}),
    sums AS (SELECT g, entry, sum(part) AS part FROM parts GROUP BY ALL),
    shares AS (SELECT entry, part / sum(part) OVER (PARTITION BY g) AS share FROM sums)
    SELECT entry, sum(share) / (SELECT count(DISTINCT g) FROM sums) AS share FROM shares GROUP BY entry`);
  return {
    shares: Object.fromEntries(rows.map(({ entry, share }) => [String(entry), Number(share)])),
    reported: {
      ...Object.fromEntries(entries.map(({ name }, k) => [name, effective?.entries[k] ?? NaN])),
      ...(isBatched ? { in_batch: effective?.inBatch ?? NaN } : {}),
    },
  };
}

function assertShares(actual: Shares, expected: Shares, tolerance: number): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [entry, share] of Object.entries(expected))
    assert.ok(Math.abs((actual[entry] ?? NaN) - share) < tolerance, `${entry}: ${actual[entry]}, expected ${share}`);
}

describe('shares of the softmax at equal scores, counted in real batches', () => {
  test('without a weight, in-batch negatives are almost all of it, as the report says', async () => {
    const { shares, reported } = await countedShares(`, in_batch: {batch_size: ${batchSize}}`);
    assert.ok((shares['in_batch'] ?? 0) > 0.9, `${shares['in_batch']}`);
    assertShares(shares, reported, 0.01);
  });

  for (const weight of [0.3, 0.9])
    test(`with the weight ${weight}, they get it, and the entries keep the mix of the rest`, async () => {
      const { shares, reported } = await countedShares(`, in_batch: {batch_size: ${batchSize}, weight: ${weight}}`);
      assertShares(shares, reported, 0.01);
      assert.ok(Math.abs((shares['in_batch'] ?? NaN) - weight) < 0.01, `${shares['in_batch']}`);
      const { shares: drawn } = await countedShares('');
      const rest = 1 - (shares['in_batch'] ?? NaN);
      for (const [entry, share] of Object.entries(drawn)) {
        const own = (shares[entry] ?? NaN) / rest;
        // Means of ratios: with a batch, groups with a large sum of their own count a little more.
        assert.ok(Math.abs(own - share) < 0.02, `${entry}: ${own}, without a batch ${share}`);
      }
    });
});

test('with a weight, logq_correction_batch is log_q_batch and one constant, and drawn rows know no batch', async () => {
  const write = async (training: string): Promise<string> => {
    const path = join(folder, 'weighted-files', `${++files}.parquet`);
    await engine.call('sample', {
      ...(await requestOf(root, 'recall', config(training))),
      users: null,
      output: { ...plainOutput, format: 'parquet', path },
    });
    return path;
  };
  const [weighted, alone] = [await write(`, in_batch: {batch_size: ${batchSize}, weight: 0.3}`), await write('')];
  const [constant] = await queryObjects(`
    SELECT min(logq_correction_batch - log_q_batch) AS least, max(logq_correction_batch - log_q_batch) AS greatest,
      CAST(count(DISTINCT item) AS INTEGER) AS items FROM read_parquet('${weighted}') WHERE label = 1`);
  const expected = Math.log((Number(constant?.['items']) * (batchSize - 1) * 0.7) / (perPositive * 0.3));
  assert.ok(Math.abs(Number(constant?.['least']) - expected) < 1e-12);
  assert.ok(Math.abs(Number(constant?.['greatest']) - expected) < 1e-12);
  const drawn = (path: string): string => `SELECT logq_correction FROM read_parquet('${path}') WHERE label = 0`;
  assert.deepEqual(await queryObjects(drawn(weighted)), await queryObjects(drawn(alone)));
});
