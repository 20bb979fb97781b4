import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';
import { folderLockName } from '../core/sampling/placement.ts';
import { compareTexts } from '../core/sampling/compareTexts.ts';
import { countsFolder } from '../core/spark/lock/countFacts.ts';
import { writesDays, type CountedRows, type SparkCounts } from '../core/spark/lock/readCounts.ts';
import type { Fence } from '../engine/files/fence.ts';
import { NamedPaths, notRegular } from '../engine/files/namedPath.ts';
import { pathBelow } from '../engine/files/pathBelow.ts';
import { entriesOf, recordsIn, sparkComplete } from '../engine/files/sparkFolder.ts';

/** A sample file in the result of a Spark job. */
export interface ResultFile extends CountedRows {
  /** Relative to its `ResultFolder`, with `/`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

/**
 * Reads the counts that a Spark job wrote next to its result: the JSON records of each counts table.
 * `displayPath`: the folder in messages, as the user typed it.
 * @throws FailureError if the job has not finished, or did not write counts
 */
export async function readCountTables(
  folder: string,
  displayPath: string,
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const entries = await entriesOf(folder, displayPath);
  const countsPath = path.join(displayPath, countsFolder);
  const hasCounts = entries.some(({ name }) => name === countsFolder);
  const isIncomplete = !entries.some(({ name }) => name === sparkComplete);
  const tables = new Map<string, unknown[]>();
  for (const record of hasCounts ? await recordsIn(folder, countsFolder, displayPath, countsIncomplete) : []) {
    const table = tableOf(record);
    const records = tables.get(table);
    if (records) records.push(record);
    else tables.set(table, [record]);
  }
  // Empty counts: the job has started, but not finished. Its first statement deletes the counts of the last run.
  if (hasCounts && tables.size === 0) throw countsIncomplete(countsPath);
  // For day partitions, Spark does not write the file that marks a folder as complete.
  if (isIncomplete && !writesDays(tables.get('job') ?? []))
    throw fail(
      'not-found',
      message('The folder is not complete: {0} is missing', path.join(displayPath, sparkComplete)),
      {
        place: { path: displayPath },
        advice: message('Wait until the Spark job has finished. If it has failed, run it again.'),
      },
    );
  // A job with days deletes the old counts before it writes rows. Counts without files: it has not written any yet.
  if (!tables.has('job') || !tables.has('files')) throw countsIncomplete(countsPath);
  return tables;
}

/** The table that a record of the counts belongs to; empty if the record does not name it. */
function tableOf(record: unknown): string {
  const hasTable = typeof record === 'object' && record !== null && 'counts' in record;
  return hasTable && typeof record.counts === 'string' ? record.counts : '';
}

function countsIncomplete(displayPath: string): Error {
  return fail('not-found', message('There are no complete counts of the job: {0}', displayPath), {
    place: { path: displayPath },
    advice: message(
      'Wait until the Spark job has finished: it writes the counts last. Run a job of an older version of RecSample again.',
    ),
  });
}

/** A folder of samples that gets its own lock file. `day`: null if the result has no day partitions. */
interface ResultFolder extends CountedRows {
  readonly folder: string;
  readonly displayPath: string;
  readonly day: string | null;
  /** Sorted by name. */
  readonly files: readonly ResultFile[];
}

/**
 * Lists the result folders and their current files: one folder, or one for each day that the job wrote.
 * @throws FailureError `changed` if the files differ from the counts of the job; `refused-path` if a name or a link
 *   leads out of the folder
 */
export async function resultFolders(
  folder: string,
  displayPath: string,
  jobCounts: SparkCounts,
): Promise<ResultFolder[]> {
  const { files, byDay, samples } = jobCounts;
  const paths = await NamedPaths.in(folder);
  if (byDay === null) {
    const current = await resultFiles(paths, '', displayPath, files);
    return [checkCounts({ folder, displayPath, day: null, files: current, rows: total(current, 'rows'), samples })];
  }
  const folders: ResultFolder[] = [];
  for (const { value, ...counts } of [...byDay.days].sort((a, b) => compareTexts(a.value, b.value))) {
    const name = `${byDay.partitionBy.column}=${value}`;
    const recorded = files.filter((file) => decode(file.path.split('/').at(-2) ?? '') === name);
    const dayFolder = await paths.path(name, path.join(displayPath, countsFolder));
    const dayPath = path.join(displayPath, name);
    const current = await resultFiles(paths, name, dayPath, recorded);
    folders.push(checkCounts({ folder: dayFolder, displayPath: dayPath, day: value, files: current, ...counts }));
  }
  if (total(folders, 'samples') !== samples) throw changed(displayPath);
  return folders;
}

/** @throws FailureError if the sums over the files differ from the counts of the folder */
function checkCounts(folder: ResultFolder): ResultFolder {
  const { files, rows, samples, displayPath } = folder;
  if (total(files, 'rows') !== rows || total(files, 'samples') !== samples) throw changed(displayPath);
  return folder;
}

function total(entries: readonly CountedRows[], key: keyof CountedRows): number {
  return entries.reduce((sum, entry) => sum + entry[key], 0);
}

/**
 * Matches the current files of a folder with those that the job recorded.
 * `subfolder`: relative to the result; empty for the result folder itself.
 */
async function resultFiles(
  paths: NamedPaths,
  subfolder: string,
  displayPath: string,
  recorded: SparkCounts['files'],
): Promise<ResultFile[]> {
  const recordsByName = new Map<string, SparkCounts['files'][number][]>();
  for (const file of recorded) {
    const name = decode(file.path.split('/').at(-1) ?? '');
    recordsByName.set(name, [...(recordsByName.get(name) ?? []), file]);
  }
  const current = await listSamples(paths, subfolder, '', displayPath);
  const result = current.map(({ name, path: file, bytes }) => {
    const records = (recordsByName.get(path.posix.basename(name)) ?? []).filter((record) =>
      endsWithName(record.path, name),
    );
    if (!records.some((record) => record.bytes === bytes)) throw changed(path.join(displayPath, name));
    return { name, path: file, bytes, rows: total(records, 'rows'), samples: total(records, 'samples') };
  });
  if (current.length !== recorded.filter(({ bytes }) => bytes !== null).length) throw changed(displayPath);
  return result;
}

/** The failure for a result whose files differ from the counts. */
export function changed(displayPath: string): Error {
  return fail('changed', message('The files are not those that the counts describe: {0}', displayPath), {
    place: { path: displayPath },
    advice: message('Wait until the Spark job has finished, or run it again. Then run this command again.'),
  });
}

/** Compares with the plain and the decoded address, because Spark percent-encodes some paths. */
function endsWithName(address: string, name: string): boolean {
  return address.endsWith(`/${name}`) || decode(address).endsWith(`/${name}`);
}

function decode(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** Lists the sample files of a folder and its subfolders. `prefix`: begins their names; empty or with a `/`. */
async function listSamples(
  paths: NamedPaths,
  folder: string,
  prefix: string,
  displayPath: string,
): Promise<{ readonly name: string; readonly path: string; readonly bytes: number }[]> {
  const samples = [];
  const entries = await entriesOf(await paths.path(folder, displayPath), displayPath);
  for (const entry of entries.sort((a, b) => compareTexts(a.name, b.name))) {
    if (/^[._]/.test(entry.name) || entry.name === folderLockName) continue;
    const [name, entryPath] = [prefix + entry.name, path.join(displayPath, entry.name)];
    const location = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const file = await paths.path(location, entryPath);
    if (entry.isDirectory()) samples.push(...(await listSamples(paths, location, `${name}/`, entryPath)));
    else samples.push({ name, path: file, bytes: (await stat(file)).size });
  }
  return samples;
}

/** The path of an input file of Spark relative to its data set, as lock files record it. */
export function nameBelow(dataset: string, file: string): string {
  return pathBelow(localPaths(dataset)[0] ?? dataset, file);
}

/**
 * Finds an input file of Spark on this machine. Null if it is on another machine or has changed.
 * `outside`: true if the file is outside of `root`; then it is not read.
 * @throws FailureError `refused-path` for a device or a pipe
 */
export async function sameFile(
  { path: address, bytes, modified }: SparkCounts['inputs'][number],
  root: Fence,
): Promise<{ readonly file: string; readonly outside: boolean } | null> {
  for (const file of localPaths(address)) {
    // Before the first stat: counts can name any file.
    if (await root.leadsOut(file)) return { file, outside: true };
    const current = await stat(file).catch(() => null);
    if (current !== null && !current.isFile() && !current.isDirectory()) throw notRegular(file);
    // `modified` is in microseconds, but Spark records whole milliseconds.
    const isSameTime = Math.floor(current?.mtimeMs ?? 0) === Math.floor(modified / 1000);
    if (current?.isFile() === true && current.size === bytes && isSameTime) return { file, outside: false };
  }
  return null;
}

/** Local paths that an address may mean: Spark writes both `file:/a%20b` and `file:/a b`. Empty if it is not local. */
function localPaths(address: string): string[] {
  if (/^[a-z][a-z0-9+.-]+:/i.test(address) && !address.startsWith('file:/')) return [];
  const plain = address.replace(/^file:\/*(?=\/)/, '');
  try {
    return [...new Set([plain, fileURLToPath(`file://${plain}`)])];
  } catch {
    return [plain];
  }
}
