import { realpath } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { dirname, isAbsolute, sep } from 'node:path';
import { fail } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { Notice } from '../../core/table/dataset.ts';
import { formatOfName, traitsOf, type Format, type NamedFormat } from '../../core/table/sampleName.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import { contentFormat } from './checkContent.ts';
import { readers } from './readers.ts';
import { Fence } from '../files/fence.ts';
import { fileFailure } from '../../core/message/fileFailure.ts';
import { statOrNull } from '../files/statOrNull.ts';
import type { FileSet, SourceFile } from '../files/fileSet.ts';
import { globMatcher, globRoot, hasGlob } from '../files/glob.ts';
import { mapFiles } from '../files/mapFiles.ts';
import { notRegular } from '../files/namedPath.ts';
import { LakeTables, type LakeTable } from '../files/lakeTable.ts';
import { partitionOf } from '../files/partition.ts';
import { walk, type FoundFile, type Walked } from '../files/walk.ts';

/** The folder that the files must be in, and the format that a single file is read in. */
export type FilePlace = Pick<DatasetRef, 'within' | 'format'>;

/**
 * Finds the files of a data set: a file, a folder (all readable files below it, in one format) or a glob. Files are
 * ordered by path, compared by code units. Hidden names and names that start with `_` are ignored, as in Spark and
 * Hive.
 * With `within`, every file must be inside that folder after resolving symbolic links. A single file is read in
 * `format`, or in the format of its name, or if that says none, in the format of its content.
 * @throws FailureError `refused-path`, `not-found`, `no-permission`, `unsupported`
 */
export async function discover(path: string, { within, format }: FilePlace = {}): Promise<FileSet> {
  refuse(path);
  const fence = within === undefined ? null : await Fence.around(within);
  // Before the first stat: paths outside are never accessed.
  await fence?.check(path, sep === '\\' ? globRoot(path.replaceAll('\\', '/')) : globRoot(path));
  const found = await filesOf(path, fence, format);
  for (const file of found.files) fence?.checkReal(file.path, file.realPath);
  return found;
}

async function filesOf(path: string, fence: Fence | null, format?: Format): Promise<FileSet> {
  const info = await statOrNull(path);
  if (info === null && hasGlob(path)) return await fromGlob(path, fence);
  if (info === null)
    throw fail('not-found', message('There is no such file or folder'), {
      place: { path },
      advice: message('Check the path; the file may have been moved or deleted.'),
    });
  if (info.isDirectory()) return await fromFolder(path, fence);
  const file = await entry(path, info, {});
  fence?.checkReal(path, file.realPath);
  const ofName = formatOfName(path);
  const named = format === undefined && ofName ? ofName : await contentFormat(path, info.size, format);
  const table = readers[named.format].mayBeInLakeTable
    ? await new LakeTables(fence).above(dirname(file.realPath))
    : null;
  const notices: Notice[] = [];
  if (table !== null)
    notices.push({
      severity: 'warning',
      code: 'table-format',
      message: message(
        'The file is part of the {0} table {1}: it may contain rows that the table has deleted or replaced',
        table.kind,
        table.folder,
      ),
    });
  if (named.format !== ofName?.format)
    notices.push({
      severity: 'info',
      code: 'wrong-extension',
      message: message('The name of the file does not say so, but it is read as {0}', traitsOf(named.format).label),
    });
  return { ...named, files: [file], partitionColumns: [], notices };
}

/** Refuses paths that must never reach a stat: URIs, UNC paths, relative paths, device names. */
function refuse(path: string): void {
  const no = (text: Message): Error =>
    fail('refused-path', text, {
      place: { path },
      advice: message('Give the absolute path of a file or folder on this machine.'),
    });
  if (path.includes('\0')) throw no(message('A path cannot contain a NUL character'));
  if (/^[A-Za-z][A-Za-z0-9+.-]+:/.test(path) && !/^[A-Za-z]:[\\/]/.test(path))
    throw no(message('Only local files can be opened, not addresses with a scheme'));
  if (/^(\\\\|\/\/)/.test(path)) throw no(message('Network (UNC) and device paths are not opened'));
  if (!isAbsolute(path)) throw no(message('The path is not absolute'));
  if (/^\/(dev|proc|sys)(\/|$)/.test(path)) throw no(message('Devices and system files are not opened'));
}

async function entry(
  path: string,
  info: Stats,
  partition: Readonly<Record<string, string | null>>,
): Promise<SourceFile> {
  if (!info.isFile()) throw notRegular(path);
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
  const tables = new LakeTables(fence);
  const walked = await walk(root, { fence, matcher: null, tables });
  return await fromWalk(root, walked, {
    fence,
    tables,
    none: message('The folder contains no readable file (Parquet, Arrow, CSV, TSV or JSONL)'),
  });
}

async function fromGlob(pattern: string, fence: Fence | null): Promise<FileSet> {
  const posix = sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  const root = globRoot(posix);
  const matcher = globMatcher(posix);
  const info = await statOrNull(root);
  if (info === null || !info.isDirectory()) {
    throw fail('not-found', message('There is no such file or folder'), {
      place: { path: root },
      advice: message('Check the path; the file may have been moved or deleted.'),
    });
  }
  const tables = new LakeTables(fence);
  return await fromWalk(root, await walk(root, { fence, matcher, tables }), {
    fence,
    tables,
    none: message('No file that can be read matches the pattern'),
  });
}

/** @throws FailureError if files have different formats or compressions */
function refuseMixed(root: string, files: readonly { readonly named: NamedFormat }[]): void {
  const kinds = [
    ...new Set(
      files.map(
        ({ named: { format, compression } }) => `${format}${compression === 'none' ? '' : ` (${compression})`}`,
      ),
    ),
  ];
  if (kinds.length <= 1) return;
  throw fail('unsupported', message('The folder mixes formats: {0}', kinds.join(', ')), {
    place: { path: root },
    advice: message(
      'Open one format with a glob pattern, for example {0}.',
      `${root}${sep}**${sep}*.${files[0]?.named.format ?? ''}`,
    ),
  });
}

async function fromWalk(
  root: string,
  { files: walked, repeated }: Walked,
  { fence, tables, none }: { readonly fence: Fence | null; readonly tables: LakeTables; readonly none: Message },
): Promise<FileSet> {
  const readable = walked
    .map((file) => ({ ...file, named: formatOfName(file.path) }))
    .filter((f): f is FoundFile & { named: NamedFormat } => f.named !== null);
  const first = readable[0];
  if (first === undefined)
    throw fail('not-found', none, {
      place: { path: root },
      advice: message('Check the path; the file may have been moved or deleted.'),
    });
  refuseMixed(root, readable);
  const found = await mapFiles(readable, async ({ path }) => {
    await fence?.check(path, path);
    const info = await statOrNull(path);
    return info === null ? null : await entry(path, info, partitionOf(root, dirname(path)));
  });
  const present = readable.flatMap(({ link }, k) => {
    const file = found[k];
    return file ? [{ file, link }] : [];
  });
  const missing = readable.filter((_, k) => found[k] === null).map((f) => f.path);
  const { files, links } = onceEach(present);
  if (readers[first.named.format].mayBeInLakeTable) await refuseTables(files, tables);
  if (files.length === 0)
    throw fail('not-found', message('There is no such file or folder'), {
      place: { path: first.path },
      advice: message('Check the path; the file may have been moved or deleted.'),
    });
  const empty = files.filter((f) => f.bytes === 0);
  const kept = empty.length < files.length ? files.filter((f) => f.bytes > 0) : files;
  const names = kept.map((f) => Object.keys(f.partition).join('\0'));
  const agreed = new Set(names).size === 1;
  const notices: Notice[] = [];
  const others = walked.length - readable.length;
  const again = [...new Set([...repeated, ...links])].sort();
  if (others > 0)
    notices.push({
      severity: 'info',
      code: 'skipped-files',
      message: message('{0} files of other formats in the folder are not shown', others),
    });
  if (kept.length < files.length)
    notices.push({
      severity: 'warning',
      code: 'skipped-files',
      message: message('{0} empty files (0 bytes) were left out. The first is {1}', empty.length, empty[0]?.path ?? ''),
    });
  if (missing.length > 0)
    notices.push({
      severity: 'warning',
      code: 'skipped-files',
      message: message(
        '{0} files are missing (deleted, or links without a target). The first is {1}',
        missing.length,
        missing[0] ?? '',
      ),
    });
  if (again.length > 0) notices.push({ severity: 'info', code: 'skipped-files', message: againMessage(again) });
  if (!agreed)
    notices.push({
      severity: 'warning',
      code: 'types-differ',
      message: message(
        'The folders of the files name different partition columns, so partitions are not shown as columns',
      ),
    });
  return {
    ...first.named,
    files: kept,
    partitionColumns: agreed ? Object.keys(kept[0]?.partition ?? {}) : [],
    notices,
  };
}

function againMessage(links: readonly string[]): Message {
  const [first = ''] = links;
  if (links.length === 1)
    return message('The link {0} points to a file that is read through another path. Each file is read once', first);
  return message(
    '{0} links point to files that are read through another path. The first is {1}. Each file is read once',
    links.length,
    first,
  );
}

/** Every file once, by its direct path if it has one, and the links that lead to a file again. */
function onceEach(all: readonly { readonly file: SourceFile; readonly link: string | null }[]): {
  readonly files: readonly SourceFile[];
  readonly links: readonly string[];
} {
  const chosen = new Map<string, { readonly file: SourceFile; readonly link: string | null }>();
  for (const one of all) {
    const known = chosen.get(one.file.realPath);
    if (!known || (known.link !== null && one.link === null)) chosen.set(one.file.realPath, one);
  }
  const isChosen = (one: (typeof all)[number]): boolean => chosen.get(one.file.realPath) === one;
  return {
    files: all.filter(isChosen).map(({ file }) => file),
    links: all.flatMap((one) => (isChosen(one) || one.link === null ? [] : [one.link])),
  };
}

/** @throws FailureError if a file belongs to a table whose log defines which rows are valid */
async function refuseTables(files: readonly SourceFile[], tables: LakeTables): Promise<void> {
  for (const folder of new Set(files.map(({ realPath }) => dirname(realPath)))) {
    const table = await tables.above(folder);
    if (table !== null) throw tableFailure(table);
  }
}

function tableFailure({ kind, folder }: LakeTable): Error {
  return fail(
    'unsupported',
    message(
      'This folder is a table in {0} format. Its Parquet files also contain rows that the table has deleted or replaced',
      kind,
    ),
    {
      place: { path: folder },
      advice: message(
        'Export the current rows to a folder of plain Parquet files, and open that folder. You can also open a single file of the table.',
      ),
    },
  );
}
