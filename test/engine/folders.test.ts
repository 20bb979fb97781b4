import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { render } from '../../src/core/message/message.ts';
import { engine, failureOf, file, folder, opened, parquet, ref, texts } from './fixture.ts';

const open = (path: string): Promise<unknown> => engine.call('open', { ref: ref(path) });
const notices = async (path: string): Promise<string[]> => (await opened(path)).notices.map((n) => render(n.message));

test('folders that link to each other are walked once each, through folders and patterns', async () => {
  const root = join(folder, 'mesh');
  const names = Array.from({ length: 12 }, (_, k) => `f${k}`);
  for (const name of names) mkdirSync(join(root, name), { recursive: true });
  for (const from of names)
    for (const to of names) if (from !== to) symlinkSync(join(root, to), join(root, from, `to-${to}`));
  file('mesh/f3/a.csv', 'a\n1\n');
  file('mesh/f7/b.csv', 'a\n2\n');
  for (const path of [root, join(root, '**', '*.csv'), join(root, '**', 'f*', '**', '*.csv')]) {
    const { files } = await opened(path);
    assert.deepEqual([files, (await texts(path)).cells], [2, [['1'], ['2']]], path);
  }
  // Reached only through links: the pattern names a file two links deep.
  assert.deepEqual((await texts(join(root, 'f0', 'to-f1', '*', '*.csv'))).cells, [['1'], ['2']]);
});

test('a link in a partitioned folder counts no row twice and takes no partition column', async () => {
  for (const link of ['latest', 'dt=latest', 'a=latest']) {
    const root = join(folder, `partitioned ${link}`);
    for (const day of [20, 21]) {
      mkdirSync(join(root, `dt=2026-11-${day}`), { recursive: true });
      await parquet(`partitioned ${link}/dt=2026-11-${day}/p.parquet`, `SELECT ${day} AS x`);
    }
    symlinkSync('dt=2026-11-21', join(root, link));
    for (const path of [root, join(root, '*', '*.parquet'), join(root, '**')]) {
      assert.deepEqual(
        (await texts(path)).cells,
        [
          ['20', '2026-11-20'],
          ['21', '2026-11-21'],
        ],
        path,
      );
      assert.ok(
        (await notices(path)).some((text) =>
          text.startsWith(`The link ${join(root, link)} points to a file that is read through another path`),
        ),
        path,
      );
    }
    // A path that the user names is read, whether or not it is a link.
    assert.deepEqual((await texts(join(root, link, '*.parquet'))).cells, [['21']]);
    assert.deepEqual(
      (await texts(join(root, `${link.slice(0, -2)}*`, '*.parquet'))).cells.map(([x]) => x),
      ['21'],
    );
  }
});

test('a file that is linked to is read once, by its own path', async () => {
  mkdirSync(join(folder, 'linked'));
  file('linked/b.csv', 'a\n1\n');
  file('elsewhere.csv', 'a\n2\n');
  symlinkSync('b.csv', join(folder, 'linked', 'a.csv'));
  for (const name of ['x.csv', 'y.csv']) symlinkSync('../elsewhere.csv', join(folder, 'linked', name));
  const path = join(folder, 'linked');
  assert.deepEqual((await texts(path)).cells, [['1'], ['2']]);
  assert.ok(
    (await notices(path)).some((text) =>
      text.startsWith(
        `2 links point to files that are read through another path. The first is ${join(path, 'a.csv')}.`,
      ),
    ),
  );
});

for (const [kind, mark] of [
  ['Delta Lake', '_delta_log/00000000000000000000.json'],
  ['Apache Hudi', '.hoodie/hoodie.properties'],
  ['Apache Iceberg', 'metadata/00001-5f3c.metadata.json'],
] as const) {
  test(`a table of ${kind} is refused wherever its files are read together; one file is opened with a notice`, async () => {
    const name = `lake ${kind}`;
    const table = join(folder, name, 'table');
    mkdirSync(join(table, 'data', 'dt=1'), { recursive: true });
    mkdirSync(join(table, mark, '..'), { recursive: true });
    writeFileSync(join(table, mark), '{}');
    await parquet(`${name}/table/data/dt=1/p.parquet`, 'SELECT 1 AS x');
    await parquet(`${name}/plain.parquet`, 'SELECT 2 AS x');
    symlinkSync(join(table, 'data'), join(folder, name, 'link'));
    for (const path of [
      table,
      join(folder, name),
      join(table, 'data', 'dt=1'),
      join(table, '**', '*.parquet'),
      join(table, 'data', 'dt=*', '*.parquet'),
      join(folder, name, 'link'),
      join(folder, name, '**'),
    ]) {
      const failure = await failureOf(open(path));
      assert.deepEqual([failure.code, failure.place?.path, failure.message.args], ['unsupported', table, [kind]], path);
    }
    const [notice] = await notices(join(table, 'data', 'dt=1', 'p.parquet'));
    assert.match(notice ?? '', new RegExp(`^The file is part of the ${kind} table`));
    assert.deepEqual((await texts(join(folder, name, '*.parquet'))).cells, [['2']]);
    assert.deepEqual(await notices(join(folder, name, 'plain.parquet')), []);
  });
}

test('folders named metadata without table metadata are ignored', async () => {
  mkdirSync(join(folder, 'own', 'metadata'), { recursive: true });
  file('own/metadata/notes.json', '{}');
  await parquet('own/p.parquet', 'SELECT 1 AS x');
  assert.deepEqual((await texts(join(folder, 'own', '*.parquet'))).cells, [['1']]);
});
