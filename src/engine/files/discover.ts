import { realpath, readdir, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { fail } from '../../core/report/failure.ts';
import { message, type Message } from '../../core/report/message.ts';
import { lockEnding } from '../../core/sampling/lock/sampleLock.ts';
import type { Compression, Format, Notice } from '../../core/table/dataset.ts';
import { Fence, outside } from './fence.ts';
import { fileFailure } from './fileFailure.ts';
import { formatOfName, type NamedFormat } from './magic.ts';
import { globExpression, globRoot, hasGlob } from './glob.ts';
import { mapFiles } from './mapFiles.ts';
import { partitionOf } from './partition.ts';

/** One file of a data set. */
export interface SourceFile {
  /** As found, for people. */
  readonly path: string;
  /** With symbolic links resolved: what is opened. */
  readonly realPath: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly partition: Readonly<Record<string, string | null>>;
}

/** The files behind a path, folder or glob: one format, in order of their paths. */
export interface FileSet {
  readonly format: Format;
  readonly compression: Compression;
  readonly files: readonly SourceFile[];
  /** Names of the partition columns, the same in every file; empty where the files disagree. */
  readonly partitionColumns: readonly string[];
  readonly notices: readonly Notice[];
}

/** What stands beside data and is none: checksums of Hadoop, and lock files of samples. */
const noData = ['.crc', lockEnding];

/** Most files of one data set: a walk over a wrong folder must end. */
const MAX_FILES = 100_000;

/**
 * Finds the files of a data set: a file, a folder (all readable files below, one format) or a glob. Files are ordered by path, compared
 * by code units; hidden names and names that start with `_` are left out, as Spark and Hive do. With `within`, every file lies inside of
 * this folder, symbolic links resolved.
 * @throws FailureError `refused-path`, `not-found`, `no-permission`, `unsupported`
 */
export async function discover(path: string, within?: string): Promise<FileSet> {
  refuse(path);
  const fence = within === undefined ? null : await Fence.around(within);
  // Before the first stat: what lies outside is not touched.
  await fence?.check(path, sep === '\\' ? globRoot(path.replaceAll('\\', '/')) : globRoot(path));
  const found = await filesOf(path, fence);
  for (const file of found.files) fence?.checkReal(file.path, file.realPath);
  return found;
}

async function filesOf(path: string, fence: Fence | null): Promise<FileSet> {
  const info = await statOrNull(path);
  if (info === null && hasGlob(path)) return await fromGlob(path, fence);
  if (info === null) throw fail('not-found', message('There is no such file or folder'), { place: { path }, advice: message('Check the path; the file may have been moved or deleted.') });
  if (info.isDirectory()) return await fromFolder(path, fence);
  const named = formatOfName(path);
  if (named === null) throw unsupportedName(path);
  return { ...named, files: [await entry(path, info, {})], partitionColumns: [], notices: [] };
}

/** Refuses what must never reach a stat: URIs, UNC paths, relative paths, device names. */
function refuse(path: string): void {
  const no = (text: Message): Error => fail('refused-path', text, { place: { path }, advice: message('Give the absolute path of a file or folder on this machine.') });
  if (path.includes('\0')) throw no(message('A path cannot contain a NUL character'));
  if (/^[A-Za-z][A-Za-z0-9+.-]+:/.test(path) && !/^[A-Za-z]:[\\/]/.test(path)) throw no(message('Addresses with a scheme are not opened; only local files are'));
  if (/^(\\\\|\/\/)/.test(path)) throw no(message('Network (UNC) and device paths are not opened'));
  if (!isAbsolute(path)) throw no(message('The path is not absolute'));
  if (/^\/(dev|proc|sys)(\/|$)/.test(path)) throw no(message('Devices and system files are not opened'));
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    const failure = fileFailure(error, path);
    if (failure.failure.code === 'not-found') return null;
    throw failure;
  }
}

async function entry(path: string, info: Stats, partition: Readonly<Record<string, string | null>>): Promise<SourceFile> {
  if (!info.isFile()) {
    throw fail('refused-path', message('This is a device, a pipe or a socket, not a file'), { place: { path }, advice: message('Only regular files are opened.') });
  }
  let real: string;
  try {
    real = await realpath(path);
  } catch (error) {
    throw fileFailure(error, path);
  }
  refuse(real);
  return { path, realPath: real, bytes: info.size, modified: info.mtimeMs, partition };
}

async function fromFolder(path: string, fence: Fence | null): Promise<FileSet> {
  const root = path.endsWith(sep) && path.length > 1 ? path.slice(0, -1) : path;
  return await fromPaths(root, await walk(root, fence), fence, message('The folder holds no file that can be read (Parquet, CSV, TSV or JSONL)'));
}

async function fromGlob(pattern: string, fence: Fence | null): Promise<FileSet> {
  const posix = sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  const root = globRoot(posix);
  const info = await statOrNull(root);
  if (info === null || !info.isDirectory()) {
    throw fail('not-found', message('There is no such file or folder'), { place: { path: root }, advice: message('Check the path; the file may have been moved or deleted.') });
  }
  const matches = globExpression(posix);
  const depth = posix.includes('**') ? Infinity : posix.slice(root.length).split('/').filter((name) => name !== '').length;
  const found = (await walk(root, fence, depth)).filter((p) => matches.test(sep === '\\' ? p.replaceAll('\\', '/') : p));
  return await fromPaths(root, found, fence, message('No file that can be read matches the pattern'));
}

async function fromPaths(root: string, paths: readonly string[], fence: Fence | null, none: Message): Promise<FileSet> {
  const readable = paths.map((path) => ({ path, named: formatOfName(path) })).filter((f): f is { path: string; named: NamedFormat } => f.named !== null);
  const first = readable[0];
  if (first === undefined) throw fail('not-found', none, { place: { path: root }, advice: message('Check the path; the file may have been moved or deleted.') });
  const kinds = [...new Set(readable.map((f) => `${f.named.format}${f.named.compression === 'none' ? '' : ` (${f.named.compression})`}`))];
  if (kinds.length > 1) {
    throw fail('unsupported', message('The folder mixes formats: {0}', kinds.join(', ')), { place: { path: root }, advice: message('Open one format by a glob, for example {0}.', `${root}${sep}**${sep}*.${first.named.format}`) });
  }
  const found = await mapFiles(readable, async ({ path }) => {
    await fence?.check(path, path);
    const info = await statOrNull(path);
    return info === null ? null : await entry(path, info, partitionOf(root, dirname(path)));
  });
  const files = found.filter((f) => f !== null);
  const missing = readable.filter((_, k) => found[k] === null).map((f) => f.path);
  if (files.length === 0) throw fail('not-found', message('There is no such file or folder'), { place: { path: first.path }, advice: message('Check the path; the file may have been moved or deleted.') });
  const empty = files.filter((f) => f.bytes === 0);
  const kept = empty.length < files.length ? files.filter((f) => f.bytes > 0) : files;
  const names = kept.map((f) => Object.keys(f.partition).join('\0'));
  const agreed = new Set(names).size === 1;
  const notices: Notice[] = [];
  const others = paths.length - readable.length;
  if (others > 0) notices.push({ severity: 'info', code: 'skipped-files', message: message('{0} files of other formats in the folder are not shown', others) });
  if (kept.length < files.length) notices.push({ severity: 'warning', code: 'skipped-files', message: message('{0} empty files (0 bytes) were left out, the first is {1}', empty.length, empty[0]?.path ?? '') });
  if (missing.length > 0) notices.push({ severity: 'warning', code: 'skipped-files', message: message('{0} files are not there (deleted, or links that lead nowhere), the first is {1}', missing.length, missing[0] ?? '') });
  if (!agreed) notices.push({ severity: 'warning', code: 'types-differ', message: message('The folders of the files name different partition columns; partitions are not shown as columns') });
  return { ...first.named, files: kept, partitionColumns: agreed ? Object.keys(kept[0]?.partition ?? {}) : [], notices };
}

/** All regular files below a folder in order of their paths, hidden and `_` names left out. */
async function walk(root: string, fence: Fence | null, depth = Infinity): Promise<string[]> {
  const found: string[] = [];
  const visit = async (folder: string, left: number, seen: readonly string[]): Promise<void> => {
    let entries;
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      throw fileFailure(error, folder);
    }
    for (const e of entries) {
      if (e.name.startsWith('.') || e.name.startsWith('_')) continue;
      const path = join(folder, e.name);
      if (e.isSymbolicLink() && fence !== null && await fence.leadsOut(path)) {
        // On the last level a link to a folder is not followed, and one to a file matters where the pattern wants it.
        if (left > 1) throw outside(path);
        found.push(path);
        continue;
      }
      // A link that leads nowhere, or round in a circle, concerns only those who want a file of its name.
      const info = e.isSymbolicLink() ? await statOrNull(path).catch(() => null) : e;
      if (info === null) found.push(path);
      else if (info.isDirectory()) {
        if (left <= 1) continue;
        const real = await realpath(path);
        // A link to a folder above would be walked for ever.
        if (!seen.includes(real)) await visit(path, left - 1, [...seen, real]);
      } else if (info.isFile() && !noData.some((ending) => path.endsWith(ending))) found.push(path);
      if (found.length > MAX_FILES) throw fail('unsupported', message('The folder holds more than {0} files', MAX_FILES), { place: { path: root }, advice: message('Choose a folder with fewer files.') });
    }
  };
  await visit(root, depth, [await realpath(root)]);
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function unsupportedName(path: string): Error {
  return fail('unsupported', message('The name of the file does not say a format that can be read'), { place: { path }, advice: message('Parquet, CSV, TSV and JSONL files are read, plain or as .gz and .zst.') });
}
