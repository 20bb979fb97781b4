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

/** A file of a result. */
export interface ResultFile extends CountedRows {
  /** Relative to the folder, with `/`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

/**
 * The JSON values of the counts next to a result of a Spark job, by table. `named`: the folder as given.
 * @throws FailureError if the job has not finished, or did not write counts
 */
export async function readCountTables(folder: string, named: string): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const entries = await entriesOf(folder, named);
  const shown = path.join(named, countsFolder);
  const hasCounts = entries.some(({ name }) => name === countsFolder);
  const isIncomplete = !entries.some(({ name }) => name === sparkComplete);
  const tables = new Map<string, unknown[]>();
  for (const record of hasCounts ? await recordsIn(folder, countsFolder, named, countsIncomplete) : []) {
    const table = tableOf(record);
    const known = tables.get(table);
    if (known) known.push(record);
    else tables.set(table, [record]);
  }
  // The first statement of a job empties the counts of an earlier run.
  if (hasCounts && tables.size === 0) throw countsIncomplete(shown);
  // Spark marks no folder of days as complete.
  if (isIncomplete && !writesDays(tables.get('job') ?? []))
    throw fail('not-found', message('The folder is not complete: {0} is missing', path.join(named, sparkComplete)), {
      place: { path: named },
      advice: message('Wait until the Spark job has finished. If it has failed, run it again.'),
    });
  // A job with days empties them before it writes rows. Without rows, it has no files.
  if (!tables.has('job') || !tables.has('files')) throw countsIncomplete(shown);
  return tables;
}

/** The table of a row of the counts. */
function tableOf(record: unknown): string {
  const isNamed = typeof record === 'object' && record !== null && 'counts' in record;
  return isNamed && typeof record.counts === 'string' ? record.counts : '';
}

function countsIncomplete(named: string): Error {
  return fail('not-found', message('There are no complete counts of the job: {0}', named), {
    place: { path: named },
    advice: message(
      'Wait until the Spark job has finished: it writes the counts last. Run a job of an older version of RecSample again.',
    ),
  });
}

/** A folder of samples with a lock file of its own. `day`: null for a result without days. */
interface ResultFolder extends CountedRows {
  readonly folder: string;
  /** The folder as given. */
  readonly named: string;
  readonly day: string | null;
  /** In the order of their names. */
  readonly files: readonly ResultFile[];
}

/**
 * The folders of a result with their files as they are now: one, or one for each day that the job wrote.
 * @throws FailureError `changed` if the files are not those that the job wrote; `refused-path` if a name or a link leads
 *   out of the folder
 */
export async function resultFolders(folder: string, named: string, counts: SparkCounts): Promise<ResultFolder[]> {
  const { files, byDay, samples } = counts;
  const paths = await NamedPaths.in(folder);
  if (byDay === null) {
    const found = await resultFiles(paths, '', named, files);
    const rows = found.reduce((sum, file) => sum + file.rows, 0);
    return [checked({ folder, named, day: null, files: found, rows, samples })];
  }
  const folders: ResultFolder[] = [];
  for (const { value, ...counted } of [...byDay.days].sort((a, b) => compareTexts(a.value, b.value))) {
    const name = `${byDay.by.column}=${value}`;
    const own = files.filter((file) => decoded(file.path.split('/').at(-2) ?? '') === name);
    const place = await paths.path(name, path.join(named, countsFolder));
    const shown = path.join(named, name);
    const found = await resultFiles(paths, name, shown, own);
    folders.push(checked({ folder: place, named: shown, day: value, files: found, ...counted }));
  }
  if (folders.reduce((sum, one) => sum + one.samples, 0) !== samples) throw changed(named);
  return folders;
}

function checked(folder: ResultFolder): ResultFolder {
  const sum = (of: keyof CountedRows): number => folder.files.reduce((total, file) => total + file[of], 0);
  if (sum('rows') !== folder.rows || sum('samples') !== folder.samples) throw changed(folder.named);
  return folder;
}

/** `below`: the folder of the files below that of the result; empty for the same. */
async function resultFiles(
  paths: NamedPaths,
  below: string,
  named: string,
  files: SparkCounts['files'],
): Promise<ResultFile[]> {
  const listed = new Map<string, SparkCounts['files'][number][]>();
  for (const file of files) {
    const name = decoded(file.path.split('/').at(-1) ?? '');
    listed.set(name, [...(listed.get(name) ?? []), file]);
  }
  const found = await samplesBelow(paths, below, '', named);
  const result = found.map(({ name, path: file, bytes }) => {
    const own = (listed.get(path.posix.basename(name)) ?? []).filter((one) => endsWithName(one.path, name));
    if (!own.some((one) => one.bytes === bytes)) throw changed(path.join(named, name));
    const sum = (of: keyof CountedRows): number => own.reduce((total, one) => total + one[of], 0);
    return { name, path: file, bytes, rows: sum('rows'), samples: sum('samples') };
  });
  if (found.length !== files.filter(({ bytes }) => bytes !== null).length) throw changed(named);
  return result;
}

/** The failure for a result whose files are not those that the counts describe. */
export function changed(named: string): Error {
  return fail('changed', message('The files are not those that the counts describe: {0}', named), {
    place: { path: named },
    advice: message('Wait until the Spark job has finished, or run it again. Then run this command again.'),
  });
}

/** Some addresses of Spark encode blanks and other characters. */
function endsWithName(address: string, name: string): boolean {
  return address.endsWith(`/${name}`) || decoded(address).endsWith(`/${name}`);
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

async function samplesBelow(
  paths: NamedPaths,
  folder: string,
  below: string,
  named: string,
): Promise<{ readonly name: string; readonly path: string; readonly bytes: number }[]> {
  const found = [];
  const entries = await entriesOf(await paths.path(folder, named), named);
  for (const entry of entries.sort((a, b) => compareTexts(a.name, b.name))) {
    if (/^[._]/.test(entry.name) || entry.name === folderLockName) continue;
    const [name, shown] = [below + entry.name, path.join(named, entry.name)];
    const inside = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const file = await paths.path(inside, shown);
    if (entry.isDirectory()) found.push(...(await samplesBelow(paths, inside, `${name}/`, shown)));
    else found.push({ name, path: file, bytes: (await stat(file)).size });
  }
  return found;
}

/** The name of a file that Spark read below the folder of its data set, as lock files have it. */
export function nameBelow(read: string, file: string): string {
  return pathBelow(localPaths(read)[0] ?? read, file);
}

/**
 * A file that Spark read, as a path of this machine. Null if it is elsewhere, or is not the same any more; `outside` if
 * it may not be read.
 * @throws FailureError `refused-path` for a device or a pipe
 */
export async function sameFile(
  { path: address, bytes, modified }: SparkCounts['inputs'][number],
  root: Fence,
): Promise<{ readonly file: string; readonly outside: boolean } | null> {
  for (const file of localPaths(address)) {
    // Before the first stat: counts can name any file.
    if (await root.leadsOut(file)) return { file, outside: true };
    const found = await stat(file).catch(() => null);
    if (found !== null && !found.isFile() && !found.isDirectory()) throw notRegular(file);
    // Spark knows milliseconds.
    if (found?.isFile() === true && found.size === bytes && Math.floor(found.mtimeMs) === Math.floor(modified / 1000))
      return { file, outside: false };
  }
  return null;
}

/** `file:/a%20b` and `file:/a b` are both in use. */
function localPaths(address: string): string[] {
  if (/^[a-z][a-z0-9+.-]+:/i.test(address) && !address.startsWith('file:/')) return [];
  const plain = address.replace(/^file:\/*(?=\/)/, '');
  try {
    return [...new Set([plain, fileURLToPath(`file://${plain}`)])];
  } catch {
    return [plain];
  }
}
