import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine, type EngineOptions } from '../../src/engine/process/engine.ts';
import type { SampleOutput, SampleRequest } from '../../src/protocol/sampling.ts';
import { folder } from './fixture.ts';
import { plainOutput, recallConfig, requestOf, writeWorld } from './samplingCase.ts';

export const config = recallConfig('{per_positive: 4, mix: {global_random: 0.5, exposed_unclicked: 0.5}}');
/** Rows with a text that does not compress. */
export const log = (
  rows: number,
  click: number,
): string => `SELECT i // 40 AS user_id, (i * 7919) % 5000 AS item_id, TIMESTAMP '2026-11-01' + INTERVAL (i % 4000) MINUTE AS ts, 'request ' || (i // 4) AS request_id,
  i % ${click} = 0 AS is_click, md5('a' || i) || md5('b' || i) || md5('c' || i) || md5('d' || i) || md5('e' || i) || md5('f' || i) AS note FROM range(${rows}) t(i)`;
export const items = 'SELECT i AS item_id FROM range(6000) t(i)';
export type Asked = Omit<SampleRequest, 'users' | 'output'>;
let places = 0;

/** The request for a sample file of a small log. */
export async function requestOfSmallLog(): Promise<Asked> {
  return await requestOf(await writeWorld('withstand', { log: log(20_000, 4), items }), 'recall', config);
}

/** A new folder with a file that must be kept. */
export function place(): { readonly directory: string; readonly path: string; readonly unchanged: () => void } {
  const directory = join(folder, 'withstand-written', String(++places));
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'recall.parquet');
  writeFileSync(path, 'as it was');
  return {
    directory,
    path,
    unchanged: () => {
      assert.equal(readFileSync(path, 'utf8'), 'as it was');
      assert.deepEqual(readdirSync(directory), ['recall.parquet']);
    },
  };
}

export const outputTo = (path: string, more: Partial<SampleOutput> = {}): SampleOutput => ({
  ...plainOutput,
  path,
  format: 'parquet',
  ...more,
});

/** Samples with a separate engine, and checks that its temporary files are removed. */
export async function withEngine<T>(
  options: EngineOptions,
  work: (own: ReturnType<typeof createEngine>) => Promise<T>,
): Promise<T> {
  const temporaryDirectory = options.temporaryDirectory ?? join(folder, 'withstand-temporary', String(++places));
  mkdirSync(temporaryDirectory, { recursive: true });
  const own = createEngine({ threads: 2, ...options, temporaryDirectory });
  try {
    return await work(own);
  } finally {
    const left = readdirSync(temporaryDirectory).flatMap((name) => readdirSync(join(temporaryDirectory, name)));
    await own.dispose();
    assert.deepEqual([left, readdirSync(temporaryDirectory)], [[], []]);
  }
}
