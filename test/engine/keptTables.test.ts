import assert from 'node:assert/strict';
import { utimesSync, writeFileSync } from 'node:fs';
import { mock, test } from 'node:test';
import { KeptTables } from '../../src/engine/tables/keptTables.ts';
import { Tables } from '../../src/engine/tables/tables.ts';
import { OpenDatasets } from '../../src/engine/answers/openDatasets.ts';
import type { DatasetRef } from '../../src/protocol/datasetRef.ts';
import { file, folder, ref } from './fixture.ts';

/** A data set that is not opened, only kept. */
class OpenSet {
  isClosed = false;
  constructor(
    readonly refs: readonly DatasetRef[],
    readonly bytes = 1000,
    public isUnchanged = true,
  ) {}
  async isCurrent(): Promise<boolean> {
    return this.isUnchanged;
  }
  async close(): Promise<void> {
    this.isClosed = true;
  }
}

const log = { id: 'log', path: '/log' };
const items = { id: 'items', path: '/items' };

test('data sets stay open for questions about all or some of them', async () => {
  const kept = new KeptTables<OpenSet>();
  const both = new OpenSet([log, items]);
  await kept.keep(both);
  assert.equal(await kept.take([log]), both);
  assert.equal(await kept.take([log]), null, 'one question at a time has it');
  await kept.keep(both);
  assert.equal(await kept.take([log, { ...items, fingerprint: 'another state' }]), null);
  assert.equal(await kept.take([{ ...log, within: '/' }]), null);
  assert.equal(both.isClosed, false);
  await kept.closeAll();
  assert.ok(both.isClosed);
});

test('data sets that changed are closed, and so are large ones and those of long ago', async () => {
  const kept = new KeptTables<OpenSet>();
  const changed = new OpenSet([log], 1000, false);
  await kept.keep(changed);
  assert.equal(await kept.take([log]), null);
  assert.ok(changed.isClosed);
  const large = new OpenSet([log], 1e9);
  await kept.keep(large);
  assert.ok(large.isClosed);
  const many = Array.from({ length: 5 }, (_, k) => new OpenSet([{ id: `${k}`, path: '/log' }]));
  for (const one of many) await kept.keep(one);
  assert.deepEqual(
    many.map(({ isClosed }) => isClosed),
    [true, false, false, false, false],
  );
  await kept.closeAll();
});

test('data sets are closed a second after the last question', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const kept = new KeptTables<OpenSet>();
    const one = new OpenSet([log]);
    await kept.keep(one);
    kept.rest();
    mock.timers.tick(900);
    assert.equal(await kept.take([log]), one);
    mock.timers.tick(900);
    await kept.keep(one);
    kept.rest();
    mock.timers.tick(900);
    assert.equal(one.isClosed, false);
    mock.timers.tick(200);
    assert.ok(one.isClosed);
  } finally {
    mock.timers.reset();
  }
});

test('after a question that fails, data sets of earlier ones are closed too, also if one cannot be closed', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const datasets = new OpenDatasets({ temporaryDirectory: folder, threads: 1, memoryBytes: 1e8 });
  const close = mock.method(Tables.prototype, 'close', async () => await Promise.reject(new Error('busy')));
  try {
    const numbers = ref(file('kept-first.csv', 'n\n1\n'));
    await datasets.asked([numbers], {}, async () => await Promise.resolve());
    await assert.rejects(datasets.asked([ref('/missing.csv')], {}, async () => await Promise.resolve()));
    assert.equal(close.mock.callCount(), 0);
    mock.timers.tick(1100);
    assert.equal(close.mock.callCount(), 1);
    close.mock.restore();
    assert.equal(await datasets.together([numbers], {}, async () => await Promise.resolve('next')), 'next');
  } finally {
    close.mock.restore();
    mock.timers.reset();
    await datasets.closeAll();
  }
});

test('questions share open data sets, but see each change of a file, and an error names only its own', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const datasets = new OpenDatasets({ temporaryDirectory: folder, threads: 1, memoryBytes: 1e8 });
  const opens = context.mock.method(Tables, 'open');
  try {
    const numbers = ref(file('kept-numbers.csv', 'n\n1\n2\n'));
    const others = ref(file('kept-others.csv', 'n\n7\n'));
    const sum = async (asked: readonly DatasetRef[]): Promise<unknown> =>
      await datasets.asked(asked, {}, async (tables) => {
        const [row] = await tables.rows(`SELECT CAST(sum(n) AS VARCHAR) FROM ${tables.table(numbers).relation()}`, {});
        return row?.[0];
      });
    assert.equal(await sum([numbers, others]), '3');
    assert.equal(await sum([numbers]), '3');
    assert.equal(opens.mock.callCount(), 1);
    writeFileSync(numbers.path, 'n\n1\n5\n');
    utimesSync(numbers.path, 1, 1);
    assert.equal(await sum([numbers]), '6');
    assert.equal(opens.mock.callCount(), 2);
    await sum([numbers, others]);
    await assert.rejects(
      datasets.asked([numbers], {}, async (tables) => await tables.rows(`SELECT CAST('x' AS BIGINT)`, {})),
      (error: unknown) => error instanceof Error && !JSON.stringify(error).includes('others'),
    );
    assert.equal(await sum([numbers]), '6');
  } finally {
    await datasets.closeAll();
  }
});
