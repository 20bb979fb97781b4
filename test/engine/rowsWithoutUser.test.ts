import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Answers } from '../../src/core/data/facts.ts';
import { Tables } from '../../src/engine/tables/tables.ts';
import { fileRows } from '../../src/engine/chances/fileRows.ts';
import { auditOf, measured, table, written } from './auditCase.ts';
import { engine, folder, ref } from './fixture.ts';

/** 40 users with 3 groups of 5 rows each; `who`: the user of the rows of users above 9. */
const rows = (who: string): string =>
  `SELECT CASE WHEN u < 10 THEN u ELSE ${who} END AS user_id, u * 3 + g AS request_id, hash(u, g, k) % 50 AS item_id, (k = 0)::TINYINT AS label,
    CASE WHEN k = 0 THEN NULL WHEN hash(u) % 3 = 0 THEN 'a' WHEN hash(u, k) % 4 = 0 THEN 'b' ELSE 'c' END AS source, 7 AS positive_item,
    -0.1 * (1 + hash(u, g, k) % 9) AS logq_correction, (hash(u) % 5) + 0.1 * (hash(g, k) % 7) AS score
  FROM range(40) t(u), range(3) s(g), range(5) r(k)`;
const group = '1000 + u * 3 + g';
const row = '1000 + (u * 3 + g) * 5 + k';

test('a row without a user is not alike any other: intervals are those of users with one row each', async () => {
  const [missing, single, same] = await Promise.all(['NULL', row, '1000'].map((who) => written(rows(who))));
  const mixOf = async (path = ''): Promise<unknown> => table(measured(await auditOf(path), 'mix'), 'entries');
  const found = await mixOf(missing);
  assert.deepEqual(found, await mixOf(single));
  assert.notDeepEqual(found, await mixOf(same));

  const asked = async (path = ''): Promise<readonly [unknown, unknown]> => {
    const ref = { id: path, path };
    const column = (name: string): { readonly name: string } => ({ name });
    const samples = {
      ref,
      layout: 'long',
      columns: { user: column('user_id'), item: column('item_id'), label: column('label'), source: column('source') },
    } as const;
    const mix = (await engine.call('answer', {
      ref,
      question: { kind: 'sample-mix', timezone: 'UTC', samples },
    })) as Answers['sample-mix'];
    const labels = (await engine.call('answer', {
      ref,
      question: { kind: 'column-labels', timezone: 'UTC', samples },
    })) as Answers['column-labels'];
    return [mix.counts, labels.columns.find(({ name }) => name === 'score')?.userError.toFixed(12)];
  };
  assert.deepEqual(await asked(missing), await asked(single));
  assert.notDeepEqual(await asked(missing), await asked(same));
});

test('a group without a user is a cluster of its own in the effective share', async () => {
  const [missing, single] = await Promise.all(['NULL', group].map((who) => written(rows(who))));
  const sharesOf = async (path = ''): Promise<unknown> =>
    table(measured(await auditOf(path), 'effective_share'), 'entries').map((values) =>
      values.map((value) => (typeof value === 'number' ? value.toFixed(9) : value)),
    );
  const found = await sharesOf(missing);
  assert.deepEqual(found, await sharesOf(single));
});

test('the rows of users are read from a file whose columns have any name', async () => {
  const path = await written(rows('u').replace('AS user_id', 'AS who').replace('AS item_id', 'AS name'));
  const tables = await Tables.open([ref(path)], join(folder, 'any name'), { threads: 1, memoryBytes: 1e9 }, {});
  const samples = {
    ref: ref(path),
    layout: 'long',
    columns: { user: { name: 'who' }, item: { name: 'name' }, label: { name: 'label' } },
  } as const;
  try {
    const found = await fileRows(tables, samples, { timezone: 'UTC', mostUsers: 3 }, {});
    assert.deepEqual([found.allUsers, found.users.length, found.count], [40, 3, 45]);
  } finally {
    await tables.close();
  }
});
