import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { isPlainText, sampleEndings } from '../../core/table/sampleName.ts';
import type { Host } from '../host/host.ts';
import { formatShortCount } from '../language.ts';

/** Endings after the last dot, by which file dialogs filter. */
const lastEndings = [...new Set(sampleEndings.map((ending) => ending.slice(ending.lastIndexOf('.') + 1)))];

type Choice = 'file' | 'folder' | 'pattern' | vscode.Uri;
type Item = vscode.QuickPickItem & { readonly choice?: Choice };

/**
 * Asks for data sets: those of the workspace (if `found`), one file or several (if `many`), a folder, or a typed path.
 * Empty if dismissed.
 */
export async function chooseSample(
  host: Host,
  title: string,
  { found: hasSamples, many }: { readonly found: boolean; readonly many: boolean },
): Promise<readonly vscode.Uri[]> {
  // A promise: VS Code shows the list while a large workspace is searched.
  const picked = await vscode.window.showQuickPick(choices(host, hasSamples, many), {
    title,
    placeHolder: vscode.l10n.t('Parquet, Arrow, CSV, TSV or JSONL, plain, .gz or .zst'),
    matchOnDescription: true,
  });
  const choice = picked?.choice;
  if (choice === undefined) return [];
  if (choice === 'pattern') return typePath(title);
  if (choice !== 'file' && choice !== 'folder') return [choice];
  const defaultUri = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showOpenDialog({
    title,
    canSelectFiles: choice === 'file',
    canSelectFolders: choice === 'folder',
    canSelectMany: many && choice === 'file',
    ...(many ? { openLabel: vscode.l10n.t('Inspect') } : {}),
    ...(defaultUri ? { defaultUri } : {}),
    ...(choice === 'file'
      ? { filters: { [vscode.l10n.t('Sample files')]: lastEndings, [vscode.l10n.t('All files')]: ['*'] } }
      : {}),
  });
  return chosen ?? [];
}

async function choices(host: Host, found: boolean, many: boolean): Promise<Item[]> {
  const samples = found ? [...currentFile(), ...(await foundItems(host))] : [];
  return [
    ...samples,
    ...(samples.length > 0 ? [{ label: '', kind: vscode.QuickPickItemKind.Separator }] : []),
    {
      label: `$(file) ${many ? vscode.l10n.t('Choose files…') : vscode.l10n.t('Choose a file…')}`,
      choice: 'file',
    },
    {
      label: `$(folder) ${vscode.l10n.t('Choose a folder…')}`,
      description: vscode.l10n.t('all its files as one data set'),
      choice: 'folder',
    },
    {
      label: `$(edit) ${vscode.l10n.t('Type a path or a glob…')}`,
      description: 'impressions/**/*.parquet',
      choice: 'pattern',
    },
  ];
}

/** The text file in the active editor, if the inspector can open it. */
function currentFile(): Item[] {
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme !== 'file' || !isPlainText(uri.path)) return [];
  return [
    {
      label: `$(file) ${labelText(vscode.workspace.asRelativePath(uri))}`,
      description: vscode.l10n.t('in the editor now'),
      choice: uri,
    },
  ];
}

async function foundItems(host: Host): Promise<Item[]> {
  return (await host.samples.current()).map((sample) => {
    const rows = host.datasets.cachedFacts(sample.path)?.rows ?? null;
    return {
      label: `$(${sample.folder ? 'folder' : 'table'}) ${labelText(vscode.workspace.asRelativePath(sample.path))}${sample.folder && !sample.remembered ? '/' : ''}`,
      ...(rows === null ? {} : { description: vscode.l10n.t('{0} rows', formatShortCount(rows)) }),
      choice: vscode.Uri.file(sample.path),
    };
  });
}

async function typePath(title: string): Promise<readonly vscode.Uri[]> {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const typed = await vscode.window.showInputBox({
    title,
    prompt:
      root === undefined
        ? vscode.l10n.t('Absolute path of a file or folder, or a glob')
        : vscode.l10n.t('Path of a file or folder, or a glob, absolute or relative to {0}', root),
    placeHolder: 'impressions/**/*.parquet',
    validateInput: (text) =>
      root === undefined && text !== '' && !path.isAbsolute(text)
        ? vscode.l10n.t('The path is not absolute')
        : undefined,
  });
  const text = typed?.trim() ?? '';
  return text === '' ? [] : [vscode.Uri.file(root === undefined ? text : path.resolve(root, text))];
}
