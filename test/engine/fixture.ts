import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after } from 'node:test';
import { drawWorkerFile } from './drawWorkerFile.ts';
import { engineThreads } from './engineThreads.ts';
import { writeArrow } from './writeArrow.ts';
import { zstdCompress } from './zstd.ts';
import { gzipSync } from 'node:zlib';
import { withConnection } from './testDatabase.ts';
import type { Dataset } from '../../src/core/table/dataset.ts';
import { everything, type View } from '../../src/core/table/filter.ts';
import { decodePage } from '../../src/core/table/page.ts';
import type { FailureCode } from '../../src/core/message/failure.ts';
import { FailureError } from '../../src/core/message/failure.ts';
import type { Compression } from '../../src/core/table/sampleName.ts';
import type { DatasetRef } from '../../src/protocol/datasetRef.ts';
import { createEngine } from '../../src/engine/process/engine.ts';

/** A folder and an engine for one test file; both are removed after its tests. */
export const folder = mkdtempSync(join(tmpdir(), 'recsample-test-'));
export const engine = createEngine({
  temporaryDirectory: folder,
  threads: engineThreads.count,
  memoryBytes: 2e9,
  drawWorker: drawWorkerFile,
});
after(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a file with these bytes and returns its path. */
export function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Writes the rows of a query as Parquet. `name`: relative to the test file's folder, or absolute. */
export async function parquet(name: string, select: string, options = 'COMPRESSION zstd'): Promise<string> {
  const path = resolve(folder, name);
  await withConnection(async (connection) => {
    await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet, ${options})`);
  });
  return path;
}

/** Writes the rows of a query as JSON Lines. */
export async function jsonl(name: string, select: string): Promise<string> {
  const path = resolve(folder, name);
  await withConnection(async (connection) => {
    await connection.run(`COPY (${select}) TO '${path}' (FORMAT json)`);
  });
  return path;
}

/** Writes the rows of a query as an Arrow file, as `recsample sample` does. `batchRows`: most rows of a batch. */
export async function arrow(name: string, select: string, batchRows = 2048): Promise<string> {
  const path = resolve(folder, name);
  await withConnection(async (connection) => {
    await writeArrow(connection, select, path, batchRows);
  });
  return path;
}

export async function compress(content: string, compression: Compression): Promise<Uint8Array> {
  if (compression === 'gzip') return gzipSync(content);
  return compression === 'zstd' ? await zstdCompress(content, folder) : Buffer.from(content);
}

export const ref = (path: string): DatasetRef => ({ id: path, path });

/** Opens a data set and waits until rows and types are final. */
export async function opened(path: string): Promise<Dataset> {
  await engine.call('open', { ref: ref(path) });
  return await engine.call('settle', { ref: ref(path) });
}

/** Texts of all cells of the rows `first` to `first + count - 1` (NULL as null), and their source rows. */
export async function texts(
  path: string,
  view: View = everything,
  first = 0,
  count = 1000,
): Promise<{ rows: number[]; cells: (string | null)[][]; total: number | null }> {
  const { columns } = await opened(path);
  const page = await engine.call('page', { ref: ref(path), view, first, count, columns: columns.map((_, k) => k) });
  const decoded = decodePage(page.arrow);
  const numbers = Array.from({ length: decoded.length }, (_, r) => r);
  return {
    rows: numbers.map((r) => decoded.sourceRow(r)),
    cells: numbers.map((r) => columns.map((_, c) => decoded.text(r, c))),
    total: page.rows,
  };
}

/** The code of the failure of a rejected promise; throws if the promise resolves. */
export async function failureCode(promise: Promise<unknown>): Promise<FailureCode> {
  return (await failureOf(promise)).code;
}

export async function failureOf(promise: Promise<unknown>): Promise<FailureError['failure']> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('expected a failure');
}
