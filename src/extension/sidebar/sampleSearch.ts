import { open } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { hasSampleHeader } from '../../core/table/sampleHeader.ts';
import { binaryEndings, formatOfName, nameGlob, textEndings } from '../../core/table/sampleName.ts';
import type { ConfigSummary } from '../../protocol/language.ts';
import { searchSettings } from '../configuration.ts';
import { linkTarget } from '../inspector/consent.ts';
import { isInside, kindOfPath, literalPattern, splitGlob } from '../samplePath.ts';
import { partitionedFolder } from './grouping.ts';

export interface SampleFiles {
  /** Absolute paths, sorted. */
  readonly files: readonly string[];
  /** The number of files at which the search stopped, or null if it was complete. */
  readonly cappedAt: number | null;
}

/** Bytes of a text file that are read to see its header. */
const HEAD_BYTES = 4096;
/** Maximum number of folders whose files are read. */
const MAX_FOLDERS = 200;
/** Files read per folder. */
const FILES_PER_FOLDER = 3;

/**
 * Finds the sample files of the workspace. Binary formats are found everywhere. Text files are found in `textFolders`,
 * in partitions, and in folders where a header looks like a sample, because a workspace may have any number of other
 * CSV files. In Restricted Mode no header is read.
 */
export async function searchSamples(textFolders: readonly string[]): Promise<SampleFiles> {
  const { exclude, maxFiles } = searchSettings();
  const excluded = exclude.length === 0 ? null : `{${exclude.join(',')}}`;
  const find = async (pattern: vscode.GlobPattern, limit: number): Promise<string[]> =>
    (await vscode.workspace.findFiles(pattern, excluded, limit))
      .filter(({ scheme }) => scheme === 'file')
      .map(({ fsPath }) => fsPath);
  const files = new Set(await find(`**/${nameGlob(binaryEndings)}`, maxFiles + 1));
  for (const pattern of textPatterns(textFolders)) {
    if (files.size > maxFiles) break;
    for (const file of await find(pattern, maxFiles + 1 - files.size)) files.add(file);
  }
  const textFiles = files.size > maxFiles ? [] : await find(`**/${nameGlob(textEndings)}`, maxFiles + 1 - files.size);
  const isCapped = files.size + textFiles.filter((file) => !files.has(file)).length > maxFiles;
  for (const file of await textSamples(textFiles.filter((file) => !files.has(file)))) files.add(file);
  return { files: [...files].sort().slice(0, maxFiles), cappedAt: isCapped ? maxFiles : null };
}

/** Text files in partition folders, and text files of folders with a sample. */
async function textSamples(files: readonly string[]): Promise<readonly string[]> {
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const samples: string[] = [];
  const byFolder = new Map<string, string[]>();
  for (const file of [...files].sort()) {
    const folder = path.dirname(file);
    const group = byFolder.get(folder);
    if (partitionedFolder(file, roots) !== null) samples.push(file);
    else if (group) group.push(file);
    else byFolder.set(folder, [file]);
  }
  if (!vscode.workspace.isTrusted) return samples;
  for (const group of [...byFolder.values()].slice(0, MAX_FOLDERS)) {
    const isSampleByFile = await Promise.all(group.slice(0, FILES_PER_FOLDER).map(looksLikeSample));
    if (isSampleByFile.includes(true)) samples.push(...group);
  }
  return samples;
}

async function looksLikeSample(file: string): Promise<boolean> {
  const format = formatOfName(file);
  if (format === null || format.compression !== 'none' || linkTarget(file) !== null) return false;
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return hasSampleHeader(buffer.toString('utf8', 0, bytesRead), format.format);
    } finally {
      await handle.close();
    }
  } catch {
    // Removed meanwhile, or without permission. The inspector says why when the user opens it.
    return false;
  }
}

/** One pattern for many folders, because each pattern is a walk through the workspace. */
function textPatterns(textFolders: readonly string[]): vscode.RelativePattern[] {
  const names = nameGlob(textEndings);
  return (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) => {
    const relativeFolders = textFolders
      .filter((folder) => isInside(folder, uri.fsPath))
      .map((folder) => path.relative(uri.fsPath, folder).split(path.sep).join('/'));
    // Braces and commas in a name would break the pattern `{a,b}`.
    const breaksBraces = (name: string): boolean => /[,{}]/.test(name);
    const plain = relativeFolders.filter((name) => name !== '' && !breaksBraces(name));
    const folders = [
      ...relativeFolders.filter(breaksBraces).map(literalPattern),
      ...(plain.length < 2 ? plain.map(literalPattern) : [`{${plain.map(literalPattern).join(',')}}`]),
    ];
    return [...(relativeFolders.includes('') ? [names] : []), ...folders.map((folder) => `${folder}/${names}`)].map(
      (pattern) => new vscode.RelativePattern(uri, pattern),
    );
  });
}

/** Sorted folders of configs and their data sets. Text files in them count as samples. */
export function textFoldersOf(configs: readonly ConfigSummary[]): string[] {
  const folders = configs.flatMap(({ uri, datasets }) => {
    const config = vscode.Uri.parse(uri);
    return config.scheme === 'file'
      ? [path.dirname(config.fsPath), ...datasets.flatMap(({ path: datasetPath }) => folderAround(datasetPath))]
      : [];
  });
  return [...new Set(folders)].sort();
}

/** The folder that contains a data set. Empty for a glob within one folder, because those files are the data set. */
function folderAround(datasetPath: string): string[] {
  if (kindOfPath(datasetPath) !== 'glob') return [path.dirname(datasetPath)];
  const { root, pattern } = splitGlob(datasetPath);
  return pattern.includes('/') ? [path.dirname(root)] : [];
}
