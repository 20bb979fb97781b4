import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import {
  compressedTextEndings,
  formatOfName,
  isPlainText,
  nameGlob,
  binaryEndings,
  plainTextEndings,
  sampleEndings,
  sampleFormatOfName,
} from '../../src/core/table/sampleName.ts';

test('format and compression by name, in any case', () => {
  for (const ending of binaryEndings) assert.equal(formatOfName(`/d/a.b.${ending}`)?.compression, 'none', ending);
  for (const [name, format, compression] of [
    ['a.pq', 'parquet', 'none'],
    ['a.feather', 'arrow', 'none'],
    ['a.arrows', 'arrow', 'none'],
    ['a.csv', 'csv', 'none'],
    ['a.tsv', 'tsv', 'none'],
    ['a.tab', 'tsv', 'none'],
    ['a.jsonl', 'jsonl', 'none'],
    ['a.ndjson', 'jsonl', 'none'],
    ['a.csv.gz', 'csv', 'gzip'],
    ['a.tab.zst', 'tsv', 'zstd'],
    ['a.ndjson.zstd', 'jsonl', 'zstd'],
  ] as const)
    for (const one of [name, name.toUpperCase()]) assert.deepEqual(formatOfName(one), { format, compression }, one);
});

test('other names have no format: Parquet in gzip, or an extension without its dot', () => {
  for (const name of ['a.parquet.gz', 'a.pq.zst', 'a.gz', 'a.json', 'csv', 'a.xcsv', 'a.csv.bz2', 'a.csv.gz.gz', 'a'])
    assert.equal(formatOfName(name), null, name);
});

test('only plain text opens in an editor', () => {
  for (const ending of plainTextEndings) assert.ok(isPlainText(`a.${ending}`), ending);
  for (const ending of [...binaryEndings, ...compressedTextEndings]) assert.ok(!isPlainText(`a.${ending}`), ending);
});

test('the glob finds every ending in any case, and no other', () => {
  const glob = nameGlob(sampleEndings);
  const found = (name: string): boolean => path.matchesGlob(name, glob);
  for (const ending of sampleEndings)
    for (const name of [`a.${ending}`, `a.${ending.toUpperCase()}`]) assert.ok(found(name), name);
  for (const name of ['a.parquet.gz', 'a.gz', 'a.json', 'a.csvx']) assert.ok(!found(name), name);
});

test('a sample file is written under every name of its format, but not compressed', () => {
  for (const [name, format] of [
    ['a.parquet', 'parquet'],
    ['a.PQ', 'parquet'],
    ['a.parq', 'parquet'],
    ['a.pqt', 'parquet'],
    ['a.arrow', 'arrow'],
    ['a.Feather', 'arrow'],
    ['a.csv', 'csv'],
    ['a.jsonl', 'jsonl'],
    ['a.ndjson', 'jsonl'],
    ['a.csv.gz', null],
    ['a.ipc', 'arrow'],
    ['a.arrows', null],
    ['a.tsv', null],
    ['a.txt', null],
  ] as const)
    assert.equal(sampleFormatOfName(name), format, name);
});
