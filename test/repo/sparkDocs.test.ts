// Docs that list what code refuses must list all of it, and nothing else.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** What docs/spark.md lists as refused, and the beginning of the message of each. */
const listed: readonly (readonly [docs: string, message: string])[] = [
  ['**Maps in layouts with lists.**', 'A Spark job cannot write column {0} as a list'],
  ['**Maps in sequences, and columns of sequences', 'A Spark job cannot copy column {0} into a sequence'],
  ['**Arrow inputs.**', 'A Spark job cannot read Arrow files'],
  ['**Text files compressed with zstd.**', 'Spark 3.5 cannot read text files that zstd compressed'],
  ['**Types that Spark cannot read exactly**', 'A Spark job cannot read column {0}'],
  ['**Conditions on dates, times and lists**', 'A Spark job cannot compare column {0}'],
  ['**Names that `spark-sql` reads as syntax:**', 'A Spark job cannot name {0}'],
  ['**Columns whose names differ only in case**', 'Spark does not distinguish the columns {0} and {1} of data.{2}'],
  [
    '**Folders inside an input folder that are not partitions.**',
    'data.{0} has files in folders that Spark would skip',
  ],
  ['**Files that Spark reads in another way.**', 'Spark would read other files of data.{0}: {1}'],
  ['**Ids of two types**', 'The ids of data.{0} and data.impressions have different types'],
  ['**An extract without `data.items`**', 'An extract cannot hold the items of the whole log'],
];
/** For options of configs that are newer than the generator: there are none. */
const newer = 'A Spark job cannot do this yet: {0}';

test('docs/spark.md lists what the generator refuses, and nothing else', () => {
  const root = new URL('../../', import.meta.url);
  const docs = readFileSync(new URL('docs/spark.md', root), 'utf8');
  const [, list = ''] =
    /Spark cannot do the following\. RecSample then writes no job and names the reason:\n\n([^]*?)\n\n/.exec(docs) ??
    [];
  const bullets = [...list.matchAll(/^- (.*)/gm)].map(([, text = '']) => text);
  assert.deepEqual(
    bullets.map((bullet) => listed.find(([start]) => bullet.startsWith(start))?.[0] ?? bullet),
    listed.map(([start]) => start),
  );
  const sources = new URL('src/core/spark/', root);
  const code = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(new URL(file, sources), 'utf8'))
    .join('\n');
  const messages = [...code.matchAll(/fail\(\s*'unsupported',\s*message\(\s*'([^']+)'/g)].map(([, text = '']) => text);
  assert.equal(messages.length, code.split("'unsupported'").length - 1);
  assert.deepEqual(
    messages.map((text) => listed.find(([, start]) => text.startsWith(start))?.[1] ?? text).sort(),
    [...listed.map(([, start]) => start), newer].sort(),
  );
});
