import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail } from '../core/message/failure.ts';
import { message } from '../core/message/message.ts';
import { folderLockName } from '../core/sampling/placement.ts';
import { compareTexts } from '../core/sampling/compareTexts.ts';
import { countsFolder } from '../core/spark/lock/countFacts.ts';
import { requiredCounts, type SparkCounts } from '../core/spark/lock/readCounts.ts';
import { pathBelow } from '../engine/files/pathBelow.ts';
import { entriesOf, recordsIn, sparkComplete } from '../engine/files/sparkFolder.ts';

/** A file of a result. `name`: below the folder, with `/`. */
export interface ResultFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
}

/**
 * The JSON values of the counts next to a result of a Spark job, by folder. `named`: the folder as given.
 * @throws FailureError if the job has not finished, or did not write counts
 */
export async function readCountFolders(
  folder: string,
  named: string,
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const entries = await entriesOf(folder, named);
  if (!entries.some(({ name }) => name === sparkComplete))
    throw fail('not-found', message('The folder is not complete: {0} is missing', path.join(named, sparkComplete)), {
      place: { path: named },
      advice: message('Wait until the Spark job has finished. If it has failed, run it again.'),
    });
  const counts = path.join(folder, countsFolder);
  if (!entries.some(({ name }) => name === countsFolder)) throw countsIncomplete(path.join(named, countsFolder));
  const records = new Map<string, readonly unknown[]>();
  for (const { name } of (await entriesOf(counts, path.join(named, countsFolder))).filter((one) => one.isDirectory()))
    records.set(name, await recordsIn(path.join(counts, name), path.join(named, countsFolder, name), countsIncomplete));
  for (const name of isUncounted(records) ? ['job'] : requiredCounts)
    if (!records.has(name)) throw countsIncomplete(path.join(named, countsFolder, name));
  return records;
}

/** Whether the job says that its counts are not enough for a lock file: it writes no others. */
function isUncounted(records: ReadonlyMap<string, readonly unknown[]>): boolean {
  return (records.get('job') ?? []).some(
    (record) => typeof record === 'object' && record !== null && 'kind' in record && record.kind === 'uncounted',
  );
}

function countsIncomplete(named: string): Error {
  return fail('not-found', message('There are no complete counts of the job: {0}', named), {
    place: { path: named },
    advice: message(
      'Wait until the Spark job has finished: it writes the counts last. Jobs of older versions of RecSample write none.',
    ),
  });
}

/**
 * The files of a result as they are now, in the order of their names.
 * @throws FailureError `changed` if they are not those that the job wrote
 */
export async function resultFiles(folder: string, named: string, { files }: SparkCounts): Promise<ResultFile[]> {
  const listed = new Map<string, SparkCounts['files'][number][]>();
  for (const file of files) {
    const name = decoded(file.path.split('/').at(-1) ?? '');
    listed.set(name, [...(listed.get(name) ?? []), file]);
  }
  const found = await samplesBelow(folder, '', named);
  const result = found.map(({ name, path: file, bytes }) => {
    const own = (listed.get(path.posix.basename(name)) ?? []).filter((one) => endsWithName(one.path, name));
    if (!own.some((one) => one.bytes === bytes)) throw changed(path.join(named, name));
    return { name, path: file, bytes, rows: own.reduce((sum, { rows }) => sum + rows, 0) };
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
  folder: string,
  below: string,
  named: string,
): Promise<{ readonly name: string; readonly path: string; readonly bytes: number }[]> {
  const found = [];
  const entries = await entriesOf(folder, named);
  for (const entry of entries.sort((a, b) => compareTexts(a.name, b.name))) {
    if (/^[._]/.test(entry.name) || entry.name === folderLockName) continue;
    const [name, file] = [below + entry.name, path.join(folder, entry.name)];
    if (entry.isDirectory()) found.push(...(await samplesBelow(file, `${name}/`, path.join(named, entry.name))));
    else found.push({ name, path: file, bytes: (await stat(file)).size });
  }
  return found;
}

/** The name of a file that Spark read below the folder of its data set, as lock files have it. */
export function nameBelow(read: string, file: string): string {
  return pathBelow(localPaths(read)[0] ?? read, file);
}

/** A file that Spark read, as a path of this machine. Null if it is elsewhere, or is not the same any more. */
export async function sameFile({
  path: address,
  bytes,
  modified,
}: SparkCounts['inputs'][number]): Promise<string | null> {
  for (const file of localPaths(address)) {
    const found = await stat(file).catch(() => null);
    // Spark knows milliseconds.
    if (found?.size === bytes && Math.floor(found.mtimeMs) === Math.floor(modified / 1000)) return file;
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
