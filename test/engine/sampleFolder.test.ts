import './twoThreads.ts';
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { lockText, readLock } from '../../src/core/sampling/lock/lockFile.ts';
import type { SampleLock } from '../../src/core/sampling/lock/sampleLock.ts';
import { plainPlacement, type Placement } from '../../src/core/sampling/placement.ts';
import { everything } from '../../src/core/table/filter.ts';
import { formatTraits, type SampleFormat } from '../../src/core/table/sampleName.ts';
import type { SampleLayout } from '../../src/core/schema/sampleLayout.ts';
import type { SampleRequest, SampleSummary, SamplingRequest } from '../../src/protocol/sampling.ts';
import { engine, failureOf, opened, ref } from './fixture.ts';
import { demo, demoConfig as config, writeDemoBefore } from './lintDemo.ts';
import { output, place, sha256 } from './sampleLockCase.ts';
import { recallConfig, requestOf, writeWorld } from './samplingCase.ts';

writeDemoBefore();
const isLock = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(new URL('../../media/schemas/lock.schema.json', import.meta.url), 'utf8')) as object,
);

interface Choice {
  readonly placement?: Partial<Placement>;
  readonly format?: SampleFormat;
  readonly layout?: SampleLayout;
  readonly passThrough?: readonly string[];
  readonly rowsAtOnce?: number;
}

async function write(
  request: SamplingRequest & Pick<Partial<SampleRequest>, 'blockRows' | 'threads' | 'digest' | 'allowEmpty' | 'users'>,
  path: string,
  { placement = {}, format = 'parquet', layout = 'long', passThrough = [], ...more }: Choice = {},
): Promise<SampleSummary> {
  return await engine.call('sample', {
    users: null,
    ...request,
    output: {
      ...output(path, demo, format),
      layout,
      passThrough,
      ...more,
      placement: { ...plainPlacement, groupId: true, ...placement },
    },
  });
}

/** Digest of all columns except logs, and except the column of partitions. */
async function digest(path: string, partition?: string): Promise<string> {
  const { columns } = await opened(path);
  const covered = columns.flatMap(({ name }, k) => (/log_q/.test(name) || name === partition ? [k] : []));
  const { value } = await engine.call('digest', {
    ref: ref(path),
    view: everything,
    columns: columns.map((_, k) => k).filter((k) => !covered.includes(k)),
  });
  await engine.call('close', { id: path });
  return value;
}

const shards = (count: number): Partial<Placement> => ({ folder: { shards: count, partitionBy: null } });
const byDay = (count = 1): Partial<Placement> => ({
  folder: { shards: count, partitionBy: { column: 'dt', format: 'yyyyMMdd' } },
});
function lockIn(folder: string): SampleLock {
  const text = readFileSync(join(folder, '_recsample.json'), 'utf8');
  assert.ok(isLock(JSON.parse(text)), JSON.stringify(isLock.errors));
  const lock = readLock(text, folder);
  assert.equal(lockText(lock), text);
  return lock;
}
/** All rows of a folder or a file, in the order of the files, as CSV text without headers. */
function csvRows(path: string): string[] {
  const files = path.endsWith('.csv')
    ? [path]
    : readdirSync(path)
        .sort()
        .map((name) => join(path, name));
  return files
    .filter((file) => file.endsWith('.csv'))
    .flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(1));
}

const formats = ['parquet', 'arrow', 'csv', 'jsonl'] as const;
const orders = ['user', 'shuffled', 'shuffled_rows'] as const;

describe('order and shards', () => {
  const written = [
    ...formats.map((format) => ({ stage: 'recall', format, layout: 'long' }) as const),
    ...(['grouped', 'wide'] as const).map((layout) => ({ stage: 'recall', format: 'parquet', layout }) as const),
    ...(['coarse_ranking', 'fine_ranking'] as const).flatMap((stage) =>
      (['long', 'grouped'] as const).map((layout) => ({ stage, format: 'parquet', layout }) as const),
    ),
  ];
  // The first one writes each order as a file and as a folder. The others write it once: as a file if it is shuffled,
  // because the folder of days is shuffled too. So each pair of a stage, a format or a layout with an order, and with a
  // file, a folder or days, is written.
  for (const [k, { stage, format, layout }] of written.entries()) {
    // The case in the layout long has this stage, and one of recall has this layout: only the pair is new.
    const isKnown = stage !== 'recall' && layout === 'grouped';
    test(`every order and number of shards holds the same rows: ${stage}, ${format}, ${layout}`, async () => {
      const request = await requestOf(demo, stage, config(stage));
      const where = place();
      const choice: Choice = { format, layout, passThrough: ['city'] };
      const ending = formatTraits[format].written[0];
      const plain = join(where, `plain.${ending}`);
      await write(request, plain, choice);
      const expected = await digest(plain);
      for (const order of orders) {
        if ((order === 'shuffled_rows' && layout !== 'long') || (isKnown && order !== 'user')) continue;
        for (const folder of [null, { shards: 3, partitionBy: null }]) {
          if (k > 0 && (folder === null) !== (order === 'shuffled')) continue;
          const path = join(where, folder ? order : `${order}.${ending}`);
          await write(request, path, { ...choice, placement: { order, folder } });
          assert.equal(await digest(path), expected, order);
        }
      }
      if (isKnown) return;
      const days = join(where, 'days');
      await write(request, days, { ...choice, placement: { order: 'shuffled', ...byDay(2) } });
      assert.equal(await digest(days, 'dt'), expected, 'by day');
    });
  }

  const rowsOf = new Map<string, readonly string[]>();
  for (const [k, order] of orders.entries()) {
    test(`shards are the pieces of one file, whatever the blocks, threads and parts: ${order}`, async () => {
      const request = await requestOf(demo, 'recall', config('recall'));
      const rowsIn = async (one: Placement['order']): Promise<readonly string[]> => {
        const file = join(place(), `${one}.csv`);
        if (!rowsOf.has(one)) {
          await write(request, file, { format: 'csv', placement: { order: one } });
          rowsOf.set(one, csvRows(file));
        }
        return rowsOf.get(one) ?? [];
      };
      const rows = await rowsIn(order);
      const variants = [{}, { blockRows: 50, rowsAtOnce: 30 }, { threads: 3, blockRows: 70 }];
      for (const { rowsAtOnce, ...more } of variants as readonly { rowsAtOnce?: number }[]) {
        const path = join(place(), 'rows');
        const parts = rowsAtOnce === undefined ? {} : { rowsAtOnce };
        await write({ ...request, ...more }, path, { format: 'csv', placement: { order, ...shards(7) }, ...parts });
        assert.deepEqual(csvRows(path), rows, JSON.stringify({ ...more, ...parts }));
      }
      assert.notDeepEqual(rows, await rowsIn(orders[(k + 1) % 3] ?? 'user'));
    });
  }

  test('another seed or epoch gives another order, and the same one gives equal bytes', async () => {
    const where = place();
    const orders: string[] = [];
    for (const [k, overrides] of [{}, {}, { epoch: 1 }, { seed: 'other' }].entries()) {
      const path = join(where, `${k}`);
      const request = await requestOf(demo, 'fine_ranking', config('fine_ranking'), overrides);
      await write(request, path, { placement: { order: 'shuffled', ...shards(2) } });
      orders.push(
        readdirSync(path)
          .map((name) => sha256(readFileSync(join(path, name))))
          .join(),
      );
    }
    assert.equal(orders[0], orders[1]);
    assert.equal(new Set(orders).size, 3);
  });

  test('shards are cut by groups, and by rows with shuffled_rows; empty ones are written', async () => {
    const root = await writeWorld('few-groups', {
      log: "SELECT i AS user_id, i AS item_id, TIMESTAMP '2026-11-01' AS ts, i AS request_id, i < 3 AS is_click FROM range(9) t(i)",
      items: 'SELECT i AS item_id FROM range(50) t(i)',
    });
    const request = await requestOf(root, 'recall', recallConfig('{per_positive: {global_random: 2}}'));
    const where = place();
    for (const format of formats) {
      const path = join(where, format);
      await write(request, path, { format, placement: { order: 'shuffled', ...shards(5) } });
      const { files = [], output: written } = lockIn(path);
      assert.deepEqual(
        files.map(({ rows }) => rows),
        [0, 3, 0, 3, 3],
        format,
      );
      assert.deepEqual(
        [written.rows, written.shards, written.order, files[1]?.path],
        [9, 5, 'shuffled', `part-00001-of-00005.${formatTraits[format].written[0]}`],
      );
      for (const { path: name, bytes, sha256: digestOfFile } of files) {
        const content = readFileSync(join(path, name));
        assert.deepEqual([content.length, sha256(content)], [bytes, digestOfFile]);
      }
      assert.equal(written.sha256, sha256(files.map((file) => `${file.sha256}  ${file.path}\n`).join('')));
      const dataset = await opened(path);
      assert.equal(dataset.rows, 9, format);
      await engine.call('close', { id: path });
    }
    const rows = join(where, 'rows');
    await write(request, rows, { placement: { order: 'shuffled_rows', ...shards(4) } });
    assert.deepEqual(
      lockIn(rows).files?.map((file) => file.rows),
      [2, 2, 2, 3],
    );
  });

  test('rows of one group have one id, and other groups have others', async () => {
    for (const stage of ['recall', 'coarse_ranking'] as const) {
      const path = join(place(), 'rows.csv');
      await write(await requestOf(demo, stage, config(stage)), path, { format: 'csv' });
      const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
      const at = header.split(',').indexOf('group_id');
      const ids = lines.map((line) => line.split(',')[at] ?? '');
      assert.ok(ids.every((id) => /^-?\d+$/.test(id)));
      const runs = ids.filter((id, k) => id !== ids[k - 1]);
      assert.equal(new Set(ids).size, runs.length, stage);
    }
  });
});

describe('folders of days', () => {
  const days = async (folder: string): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    for (const day of readdirSync(folder).sort())
      for (const name of readdirSync(join(folder, day)).sort())
        found[`${day}/${name}`] = sha256(readFileSync(join(folder, day, name)));
    return await Promise.resolve(found);
  };
  const world = async (): Promise<string> =>
    await writeWorld('days', {
      // 23:30 UTC is the next day in Shanghai.
      log: "SELECT i % 20 AS user_id, i AS item_id, TIMESTAMP '2026-11-01 23:30:00' + INTERVAL (i // 20) DAY AS ts, i AS request_id, true AS is_click FROM range(60) t(i)",
      items: 'SELECT i AS item_id FROM range(200) t(i)',
    });
  const text = (from: string, to: string): string =>
    `${recallConfig('{per_positive: {global_random: 2}}')}timezone: Asia/Shanghai\nwindow: {train: {from: ${from}, to: ${to}}}\n`;

  test('a group is in the folder of its local day, with ranks of its day', async () => {
    const root = await world();
    const request = await requestOf(root, 'recall', text('2026-11-02', '2026-11-04'));
    // Times without a zone are local: 23:30 in Shanghai.
    const path = join(place(), 'out');
    const summary = await write(request, path, { placement: { order: 'shuffled', ...byDay(2) } });
    assert.deepEqual(summary.partitions, ['dt=20261102', 'dt=20261103']);
    assert.equal(summary.files, 4);
    const { output: written, files } = lockIn(join(path, 'dt=20261102'));
    assert.deepEqual(
      [written.partition, written.rows, files?.map(({ rows }) => rows)],
      [{ column: 'dt', format: 'yyyyMMdd', value: '20261102' }, 60, [30, 30]],
    );
    const dataset = await opened(path);
    assert.ok(dataset.columns.some(({ name }) => name === 'dt'));
    assert.deepEqual([dataset.rows, dataset.files, dataset.notices], [120, 4, []]);
    await engine.call('close', { id: path });
  });

  test('a run replaces only its own days', async () => {
    const root = await world();
    const path = join(place(), 'out');
    const first = await requestOf(root, 'recall', text('2026-11-01', '2026-11-02'));
    await write(first, path, { placement: byDay(3) });
    const before = await days(path);
    assert.deepEqual(
      [...new Set(Object.keys(before).map((name) => name.split('/')[0]))],
      ['dt=20261101', 'dt=20261102'],
    );
    const second = await requestOf(root, 'recall', text('2026-11-02', '2026-11-03'), { seed: 'other' });
    await write(second, path, { placement: byDay(2) });
    const after = await days(path);
    const of = (all: Record<string, string>, day: string): Record<string, string> =>
      Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith(`dt=${day}/`)));
    assert.deepEqual(of(after, '20261101'), of(before, '20261101'));
    assert.equal(Object.keys(of(after, '20261102')).length, 3);
    assert.notDeepEqual(of(after, '20261102'), of(before, '20261102'));
    assert.equal(Object.keys(of(after, '20261103')).length, 3);
  });

  test('the digest of a partition has no column of the partition', async () => {
    const root = await world();
    const request = await requestOf(root, 'recall', text('2026-11-01', '2026-11-01'));
    const where = place();
    await write({ ...request, digest: true }, join(where, 'days'), { placement: byDay(2) });
    await write({ ...request, digest: true }, join(where, 'one.parquet'));
    const lock = lockIn(join(where, 'days/dt=20261101'));
    const one = readLock(readFileSync(join(where, 'one.parquet.recsample.json'), 'utf8'), 'one');
    assert.ok(lock.digest);
    assert.deepEqual(lock.digest, one.digest);
    assert.equal(lock.digest.rows, 60);
  });

  test('without rows, no day is written', async () => {
    const root = await world();
    const request = await requestOf(root, 'recall', text('2025-11-01', '2025-11-01'));
    const path = join(place(), 'out');
    const summary = await write({ ...request, allowEmpty: true }, path, { placement: byDay(2) });
    assert.deepEqual([summary.partitions, summary.files, readdirSync(path)], [[], 0, []]);
    const plain = join(place(), 'plain');
    await write({ ...request, allowEmpty: true }, plain, { placement: shards(2) });
    assert.deepEqual(readdirSync(plain), [
      '_recsample.json',
      'part-00000-of-00002.parquet',
      'part-00001-of-00002.parquet',
    ]);
    for (const [k, { format, order }] of (
      [
        { format: 'csv', order: 'shuffled_rows' },
        { format: 'jsonl', order: 'shuffled' },
        { format: 'arrow', order: 'shuffled_rows' },
      ] as const
    ).entries()) {
      const empty = join(place(), String(k));
      await write({ ...request, allowEmpty: true, digest: true }, empty, {
        format,
        placement: { order, ...shards(2) },
      });
      assert.equal(readdirSync(empty).length, 3, format);
    }
  });
});

describe('what a folder may replace', () => {
  test('a folder that something else wrote stays', async () => {
    const request = await requestOf(demo, 'recall', config('recall'));
    const path = join(place(), 'out');
    mkdirSync(path);
    writeFileSync(join(path, 'notes.txt'), 'mine');
    assert.match(
      (await failureOf(write(request, path, { placement: shards(2) }))).message.text,
      /contains \{0\}, which/,
    );
    assert.deepEqual(readdirSync(path), ['notes.txt']);
    // Partitions next to it are no problem.
    await write(request, path, { placement: byDay() });
    assert.ok(readdirSync(path).includes('notes.txt'));
    const [day = ''] = readdirSync(path);
    writeFileSync(join(path, day, 'more.parquet'), 'mine');
    assert.match((await failureOf(write(request, path, { placement: byDay() }))).message.text, /contains \{0\}, which/);
    assert.equal(readFileSync(join(path, day, 'more.parquet'), 'utf8'), 'mine');
  });

  test('samples with other partitions, and without partitions, are not mixed', async () => {
    const request = await requestOf(demo, 'recall', config('recall'));
    const where = place();
    const [plain, days] = [join(where, 'plain'), join(where, 'days')];
    await write(request, plain, { placement: shards(2) });
    await write(request, days, { placement: byDay() });
    for (const [path, placement] of [
      [plain, byDay()],
      [days, shards(2)],
      [days, { folder: { shards: 1, partitionBy: { column: 'day', format: 'yyyyMMdd' } } }],
    ] as const) {
      const before = readdirSync(path);
      assert.equal((await failureOf(write(request, path, { placement }))).code, 'bad-request');
      assert.deepEqual(readdirSync(path), before);
    }
    // With fewer shards, no old file stays.
    await write(request, plain, { placement: shards(1) });
    assert.deepEqual(readdirSync(plain), ['_recsample.json', 'part-00000-of-00001.parquet']);
  });

  test('a file, the folder of an input and a folder above it are refused', async () => {
    mkdirSync(join(demo, '..', 'inputs/data/log'), { recursive: true });
    const root = await writeWorld('inputs', {
      'log/part': "SELECT 1 AS user_id, 1 AS item_id, TIMESTAMP '2026-11-01' AS ts, 1 AS request_id, true AS is_click",
      items: 'SELECT i AS item_id FROM range(9) t(i)',
    });
    const request = await requestOf(
      root,
      'recall',
      recallConfig('{per_positive: {global_random: 2}}').replace('data/log.parquet', 'data/log'),
    );
    for (const name of ['data/log', 'data/log/out'])
      assert.match(
        (await failureOf(write(request, join(root, name), { placement: byDay() }))).message.text,
        /config reads this folder|belongs to no partition/,
        name,
      );
    assert.match(
      (await failureOf(write(request, join(root, 'data'), { placement: byDay() }))).message.text,
      /config reads this folder|belongs to no partition/,
    );
    assert.match(
      (await failureOf(write(request, join(root, 'data/items.parquet'), { placement: byDay() }))).message.text,
      /not a folder/,
    );
  });

  test('a partition column with the name of another column is refused', async () => {
    const request = await requestOf(demo, 'recall', config('recall'));
    const placement = { folder: { shards: 1, partitionBy: { column: 'USER', format: 'yyyyMMdd' } } };
    const failure = await failureOf(write(request, join(place(), 'out'), { placement }));
    assert.match(failure.message.text, /two columns/);
  });
});

test('the readers of folders see no lock file', async () => {
  const path = join(place(), 'out');
  await write(await requestOf(demo, 'recall', config('recall')), path, { format: 'jsonl', placement: shards(2) });
  const { files, notices } = await opened(path);
  assert.deepEqual([files, notices], [2, []]);
  await engine.call('close', { id: path });
});
