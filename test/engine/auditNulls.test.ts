import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { auditOf, groupedSql, measured, outcomeOf, table, written } from './auditCase.ts';

test('NULL by label: the largest difference first; NaN is NULL; roles and columns of RecSample are left out', async () => {
  const path = await written(
    `SELECT i AS user_id, i % 7 AS item_id, (i < 20)::TINYINT AS label, i AS draw, 1.0 AS keep_prob, i % 2 AS label_pay,
      CASE WHEN i < 20 OR i % 2 = 0 THEN 'hot' END AS channel, CASE WHEN i % 4 > 0 THEN 1.5 ELSE CAST('nan' AS DOUBLE) END AS ctr, i AS price
      FROM range(100) t(i) UNION ALL SELECT 1, 2, NULL, 3, 1.0, 1, NULL, NULL, NULL`,
  );
  const found = measured(await auditOf(path), 'nulls');
  assert.deepEqual(table(found, 'columns'), [
    ['channel', 0, 0, 40, 0.5],
    ['ctr', 5, 0.25, 20, 0.25],
  ]);
  assert.deepEqual(
    found.notes.map((note) => render(note)),
    ['Columns without NULL: 1'],
  );
});

test('NULL by label is not measured without copied columns, without labels, and in lists', async () => {
  const reasonOf = async (select: string): Promise<string> => {
    const outcome = outcomeOf(await auditOf(await written(select)), 'nulls');
    return outcome.state === 'not-run' ? render(outcome.because) : 'measured';
  };
  assert.equal(await reasonOf('SELECT 1 AS user_id, 2 AS item_id, 1 AS label'), 'every column has a role');
  assert.equal(await reasonOf('SELECT 1 AS user_id, 2 AS item_id, 1 AS price'), 'there is no label column');
  assert.match(
    await reasonOf(groupedSql([{ user: 1, item: 2, label: 1, entry: null, positive: 2, hour: 1, weight: 1 }])),
    /layout long/,
  );
});
