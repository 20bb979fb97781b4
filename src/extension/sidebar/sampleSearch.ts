import path from 'node:path';
import * as vscode from 'vscode';
import { binaryEndings, nameGlob, textEndings } from '../../core/table/sampleName.ts';
import type { ConfigSummary } from '../../protocol/language.ts';
import { searchSettings } from '../configuration.ts';
import { isInside, kindOfPath, literalPattern, splitGlob } from '../samplePath.ts';

export interface FoundFiles {
  /** Absolute paths, sorted. */
  readonly files: readonly string[];
  /** The number of files at which the search stopped, or null if it was complete. */
  readonly cappedAt: number | null;
}

/**
 * Finds the sample files of the workspace: binary formats everywhere, text only directly in `textFolders`. A workspace may
 * have any number of CSV files that are not samples.
 */
export async function searchSamples(textFolders: readonly string[]): Promise<FoundFiles> {
  const { exclude, maxFiles } = searchSettings();
  const excluded = exclude.length === 0 ? null : `{${exclude.join(',')}}`;
  const find = async (pattern: vscode.GlobPattern, most: number): Promise<string[]> =>
    (await vscode.workspace.findFiles(pattern, excluded, most))
      .filter(({ scheme }) => scheme === 'file')
      .map(({ fsPath }) => fsPath);
  const files = new Set(await find(`**/${nameGlob(binaryEndings)}`, maxFiles + 1));
  for (const pattern of textPatterns(textFolders)) {
    if (files.size > maxFiles) break;
    for (const file of await find(pattern, maxFiles + 1 - files.size)) files.add(file);
  }
  return { files: [...files].sort().slice(0, maxFiles), cappedAt: files.size > maxFiles ? maxFiles : null };
}

/** One pattern for many folders, because each pattern is a walk through the workspace. */
function textPatterns(textFolders: readonly string[]): vscode.RelativePattern[] {
  const names = nameGlob(textEndings);
  return (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) => {
    const inside = textFolders
      .filter((folder) => isInside(folder, uri.fsPath))
      .map((folder) => path.relative(uri.fsPath, folder).split(path.sep).join('/'));
    // A comma or a brace in a name would end an alternative.
    const [odd, plain] = [
      inside.filter((name) => /[,{}]/.test(name)),
      inside.filter((name) => name !== '' && !/[,{}]/.test(name)),
    ];
    const folders = [
      ...odd.map(literalPattern),
      ...(plain.length < 2 ? plain.map(literalPattern) : [`{${plain.map(literalPattern).join(',')}}`]),
    ];
    return [...(inside.includes('') ? [names] : []), ...folders.map((folder) => `${folder}/${names}`)].map(
      (pattern) => new vscode.RelativePattern(uri, pattern),
    );
  });
}

/** The folders of ratio configs and of their data sets; text files there are samples too. Sorted. */
export function textFoldersOf(configs: readonly ConfigSummary[]): string[] {
  const folders = configs.flatMap(({ uri, datasets }) => {
    const config = vscode.Uri.parse(uri);
    return config.scheme === 'file'
      ? [path.dirname(config.fsPath), ...datasets.flatMap(({ path: place }) => folderAround(place))]
      : [];
  });
  return [...new Set(folders)].sort();
}

/**
 * The folder that contains a data set. Empty for a glob over the files of one folder: they are that data set
 * themselves.
 */
function folderAround(place: string): string[] {
  if (kindOfPath(place) !== 'glob') return [path.dirname(place)];
  const { root, pattern } = splitGlob(place);
  return pattern.includes('/') ? [path.dirname(root)] : [];
}
