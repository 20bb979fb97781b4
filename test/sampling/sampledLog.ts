import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withConnection } from '../engine/testDatabase.ts';
import { createEngine } from '../../src/engine/process/engine.ts';
import { recsample, type Outcome } from '../cli/commandLine.ts';
import type { Split } from './logOutcomes.ts';

/** A row of a sample file; times are microseconds since the epoch. */
export interface FileRow {
  readonly group: string;
  readonly user: string;
  readonly item: string;
  readonly label: number;
  readonly entry: string | null;
  readonly positive: string | null;
  readonly request: string | null;
  readonly time: number;
  readonly logQ: number | null;
  readonly correction: number | null;
  readonly batchLogQ: number | null;
  readonly batchCorrection: number | null;
  /** Columns of `output.pass_through`, as texts. */
  readonly passed: Readonly<Record<string, string | null>>;
}

/** The part of a lock file that the tests read. */
export interface Lock {
  readonly counts: Readonly<Record<string, number>>;
  readonly entries: readonly {
    readonly name: string;
    readonly asked: number;
    readonly drawn: number;
    readonly short_groups: number;
    readonly effective_share?: number;
  }[];
}

const run = (args: readonly string[], directory: string): Promise<Outcome> =>
  recsample(
    [...args, '--root', directory],
    {},
    { directory, createEngine: () => Promise.resolve(createEngine({ threads: 1 })) },
  );

/** A config has no error, checked with its data. */
export async function lintLog(config: string, directory: string): Promise<void> {
  const { code, out, err } = await run(['lint', config, '--facts', 'data'], directory);
  assert.equal(code, 0, out + err);
}

/** Samples a split with the command line, as users do, and reads the file and its lock file. */
export async function sampleLog(
  config: string,
  directory: string,
  split: Split,
): Promise<{ readonly rows: readonly FileRow[]; readonly lock: Lock; readonly report: string }> {
  const file = join(directory, `${config}.${split}.parquet`);
  const { code, out, err } = await run(['sample', config, '--split', split, '--out', file], directory);
  assert.equal(code, 0, out + err);
  const lock = JSON.parse(readFileSync(`${file}.recsample.json`, 'utf8')) as Lock;
  return { rows: await fileRows(file), lock, report: out };
}

async function fileRows(path: string): Promise<FileRow[]> {
  return await withConnection(async (connection) => {
    const described = await (await connection.run(`DESCRIBE SELECT * FROM read_parquet('${path}')`)).getRows();
    const select = described.map(([name, type]) =>
      String(type).startsWith('TIMESTAMP') ? `epoch_us("${String(name)}") AS "${String(name)}"` : `"${String(name)}"`,
    );
    const texts = `SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (SELECT ${select.join(', ')} FROM read_parquet('${path}'))`;
    return (await (await connection.run(texts)).getRowObjectsJson()).map((row) =>
      rowOf(row as Readonly<Record<string, string | null>>),
    );
  });
}

function rowOf(row: Readonly<Record<string, string | null>>): FileRow {
  const { user_id: user, item_id: item, label, entry, positive_item: positive, ...unread } = row;
  const { request_id: request, shown_at: time, group_id: group, ...others } = unread;
  const { log_q: logQ, logq_correction: correction, log_q_batch: batch, logq_correction_batch: asOther } = others;
  const number = (text: string | null | undefined): number | null =>
    text === null || text === undefined ? null : Number(text);
  return {
    group: String(group),
    user: String(user),
    item: String(item),
    label: Number(label),
    entry: entry ?? null,
    positive: positive ?? null,
    request: request ?? null,
    time: Number(time),
    logQ: number(logQ),
    correction: number(correction),
    batchLogQ: number(batch),
    batchCorrection: number(asOther),
    passed: others,
  };
}
