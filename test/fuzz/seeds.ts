import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { digestOf } from './judge.ts';
import { withChecksum } from './zstdChecksum.ts';

/** Files that mutants are made from, by name. */
export interface Seeds {
  readonly parquet: Readonly<Record<string, Uint8Array>>;
  /** Arrow files and streams of pyarrow. */
  readonly arrow: Readonly<Record<string, Uint8Array>>;
  /** Plain text samples. */
  readonly text: Readonly<Record<string, string>>;
  /** With a checksum of the whole content. */
  readonly compressed: Readonly<Record<string, Uint8Array>>;
  /** Demo configs by name; they name data as `../data/…`. */
  readonly configs: Readonly<Record<string, string>>;
  /** An impressions file of the demo. */
  readonly impressions: Uint8Array;
  /** A lock file of a sample of the demo. */
  readonly lock: string;
  /** Digests of `compressed`. */
  readonly digests: Readonly<Record<string, string>>;
}

/** A user of the demo with clicks in the window. */
export const activeUser = '7203685477535834021';

const rows = `SELECT i AS user_id, 9007199254740993 + i * 7 AS item_id, (i % 3 = 0)::INTEGER AS is_click, TIMESTAMP '2026-11-01' + INTERVAL (i) MINUTE AS ts, 'city ' || (i % 5) AS city,
  CASE WHEN i % 7 = 0 THEN NULL ELSE i / 8 END AS score, (i - 40)::DECIMAL(9, 2) AS price FROM range(90) t(i)`;
const nested = `SELECT i, [i, NULL, i + 1] AS list, [[['deep ' || i]]] AS lists, {a: i, b: {c: [i, 2], d: 'x'}} AS struct, map([i, i + 1], ['a', NULL]) AS map,
  CASE WHEN i % 4 = 0 THEN NULL ELSE [{k: i, v: [{w: i}]}] END AS structs FROM range(60) t(i)`;
const types = `SELECT i::TINYINT AS i8, i::USMALLINT AS u16, i::UBIGINT AS u64, (i - 5)::DECIMAL(4, 1) AS d4, (i * 1000)::DECIMAL(18, 3) AS d18, (i * 123456789)::DECIMAL(38, 10) AS d38, i::FLOAT AS f, i / 3 AS d,
  i % 2 = 0 AS b, DATE '2026-01-01' + i::INTEGER AS day, TIME '10:00:00' + INTERVAL (i) SECOND AS t, (TIMESTAMP '2026-01-01' + INTERVAL (i) HOUR)::TIMESTAMPTZ AS tz, (TIMESTAMP '2026-01-01')::TIMESTAMP_NS AS ns,
  (TIMESTAMP '2026-01-01')::TIMESTAMP_MS AS ms, ('00000000-0000-0000-0000-0000000000' || (10 + i))::UUID AS id, ('x' || i)::BLOB AS bytes, INTERVAL (i) DAY AS span, ('v' || (i % 3))::ENUM ('v0', 'v1', 'v2') AS e FROM range(60) t(i)`;

/** Files of DuckDB's Parquet writer, by name: query and options. */
const parquetFiles: Readonly<Record<string, readonly [string, string]>> = {
  plain: [rows, 'COMPRESSION uncompressed'],
  snappy: [rows, 'COMPRESSION snappy'],
  gzip: [rows, 'COMPRESSION gzip'],
  zstd: [rows, 'COMPRESSION zstd'],
  lz4: [rows, 'COMPRESSION lz4_raw'],
  groups: [rows.replace('range(90)', 'range(5000)'), 'COMPRESSION zstd, ROW_GROUP_SIZE 2048'],
  dictionary: [`SELECT 'city ' || (i % 9) AS city, i % 4 AS kind FROM range(300) t(i)`, 'COMPRESSION uncompressed'],
  v2: [rows, 'COMPRESSION uncompressed, PARQUET_VERSION v2'],
  nested: [nested, 'COMPRESSION uncompressed'],
  nestedV2: [nested, 'COMPRESSION zstd, PARQUET_VERSION v2'],
  types: [types, 'COMPRESSION uncompressed'],
  keyValues: [rows, `COMPRESSION uncompressed, KV_METADATA {'recsample.stage': 'recall', 'pandas': '{}'}`],
  bloom: [`SELECT i % 20 AS k FROM range(3000) t(i)`, 'COMPRESSION uncompressed, WRITE_BLOOM_FILTER true'],
};

const csv = [
  'user_id,item_id,is_click,city,ts,note',
  ...Array.from(
    { length: 60 },
    (_, k) =>
      `${k},${9007199254740993n + BigInt(k)},${k % 3 === 0 ? 1 : 0},"city, ${k % 5}",2026-11-01 00:${10 + (k % 50)}:00,"a ""quoted""\nline ${k}"`,
  ),
  '',
].join('\n');
const jsonl = [
  ...Array.from(
    { length: 60 },
    (_, k) =>
      `{"user_id": ${k}, "item_id": ${9007199254740993n + BigInt(k)}, "is_click": ${k % 3 === 0}, "tags": ["a", null, ${k}], "city": {"name": "城 ${k}", "x": ${k / 7}}}`,
  ),
  '',
].join('\n');
const text: Readonly<Record<string, string>> = {
  'f.csv': csv,
  'f.tsv': csv
    .replaceAll('"', '')
    .replaceAll(/\nline/g, ' line')
    .replaceAll(', ', ' ')
    .replaceAll(',', '\t'),
  'f.jsonl': jsonl,
  'one.csv': 'a\n1\n',
  'semicolon.csv': 'a;b;c\n1;2,5;x\n3;4,5;y\n',
};

/**
 * Creates the world of a worker: a demo in its folder, and the seeds of every target.
 * @param recsample runs a command line in the folder `demo` and returns its output
 */
export async function makeSeeds(
  world: string,
  recsample: (args: readonly string[]) => Promise<string>,
): Promise<Seeds> {
  mkdirSync(path.join(world, 'temporary'), { recursive: true });
  mkdirSync(path.join(world, 'demo'));
  await recsample(['demo', '.', '--scale', 'tiny']);
  await recsample(['sample', 'configs/recall.ratio.yaml', '--users', activeUser, '--out', 'out/recall.parquet']);
  const parquet = await writeParquet(path.join(world, 'temporary'));
  const arrow = readArrow();
  const compressed = {
    'f.csv.gz': gzipSync(csv),
    'f.jsonl.gz': gzipSync(jsonl, { level: 1 }),
    'f.csv.zst': withChecksum(new TextEncoder().encode(csv)),
    'f.jsonl.zst': withChecksum(new TextEncoder().encode(jsonl)),
  };
  const digests = Object.fromEntries(
    await inOrder(Object.entries(compressed), async ([name, content]) => {
      writeFileSync(path.join(world, 'demo', name), content);
      const digest = digestOf(await recsample(['inspect', name, '--digest', '--format', 'json']));
      if (digest === null || digest === '') throw new Error(`the seed ${name} has no digest`);
      rmSync(path.join(world, 'demo', name));
      return [name, digest] as const;
    }),
  );
  const folder = path.join(world, 'demo', 'configs');
  const configs = Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      readFileSync(path.join(folder, name), 'utf8')
        .replaceAll('../data/', '../demo/data/')
        .replaceAll('../out/', '../demo/out/'),
    ]),
  );
  const day = readdirSync(path.join(world, 'demo/data/impressions'))[0] ?? '';
  return {
    parquet,
    arrow,
    text,
    compressed,
    digests,
    configs,
    impressions: readFileSync(path.join(world, 'demo/data/impressions', day, 'part-0.parquet')),
    lock: readFileSync(path.join(world, 'demo/out/recall.parquet.recsample.json'), 'utf8'),
  };
}

/** Small files of every type and compression (test/fixtures/arrow/make.py). */
function readArrow(): Record<string, Uint8Array> {
  const fixtures = path.join(import.meta.dirname, '../fixtures/arrow');
  return Object.fromEntries(
    readdirSync(fixtures)
      .filter((name) => /\.(arrow|arrows|feather)$/.test(name) && !/^(bad|unequal|version)-?/.test(name))
      .map((name) => [name, readFileSync(path.join(fixtures, name))]),
  );
}

async function writeParquet(folder: string): Promise<Record<string, Uint8Array>> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return Object.fromEntries(
      await inOrder(Object.entries(parquetFiles), async ([name, [query, options]]) => {
        const file = path.join(folder, `${name}.parquet`);
        await connection.run(`COPY (${query}) TO '${file}' (FORMAT parquet, ${options})`);
        return [name, readFileSync(file)] as const;
      }),
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function inOrder<A, B>(all: readonly A[], work: (one: A) => Promise<B>): Promise<B[]> {
  const done: B[] = [];
  for (const one of all) done.push(await work(one));
  return done;
}
