import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../../core/message/escape.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { ServerParams } from '../../protocol/server.ts';
import { writtenOutside } from '../samplePath.ts';
import type { ScriptOrigin } from './scriptMemory.ts';

/** How every file of a job begins. */
const head = /^((--|#) generator: recsample |# A job of RecSample for spark-submit)/;

/** The ending of the file of a job. @throws FailureError for any other name */
export function scriptEnding(file: string): ServerParams<'sparkJob'>['ending'] {
  if (file.endsWith('.sql')) return '.sql';
  if (file.endsWith('.py')) return '.py';
  throw fail('bad-request', message('A Spark job is a file with the ending {0} or {1}', '.sql', '.py'), {
    place: { path: file },
  });
}

/** Asks where the job of a stage is written. `last`: the answer of the last time. Null if dismissed. */
export async function pickScript(origin: ScriptOrigin, last: string | null, title: string): Promise<string | null> {
  const [sql, python] = proposals(origin);
  const proposed = [...new Set([...(last === null ? [] : [last]), sql, python])];
  const items = [
    ...(await Promise.all(proposed.map((file) => itemOf(file, file === last)))),
    { label: `$(folder-opened) ${vscode.l10n.t('Another file…')}`, description: 'SQL, Python', file: null },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Where to write the Spark job?'),
  });
  if (!picked) return null;
  if (picked.file !== null) return picked.file;
  const chosen = await vscode.window.showSaveDialog({
    title,
    saveLabel: vscode.l10n.t('Write'),
    filters: { SQL: ['sql'], Python: ['py'] },
    defaultUri: vscode.Uri.file(last ?? sql),
  });
  return chosen?.fsPath ?? null;
}

/** `recall.spark.sql` next to the config, and the same in Python. */
function proposals({ config, stage, split }: ScriptOrigin): readonly [string, string] {
  const file = vscode.Uri.parse(config).fsPath;
  const name = path.basename(file).replace(/\.ratio\.(yaml|yml|json)$/i, '');
  const parts = [name, ...(name === stage ? [] : [stage]), ...(split === 'train' ? [] : [split]), 'spark'];
  const start = path.join(path.dirname(file), parts.join('.'));
  return [`${start}.sql`, `${start}.py`];
}

async function itemOf(file: string, isLast: boolean): Promise<vscode.QuickPickItem & { readonly file: string | null }> {
  const program = scriptEnding(file) === '.py' ? 'Python · spark-submit' : 'SQL · spark-sql';
  return {
    label: `$(save) ${labelText(vscode.l10n.t('Write to {0}', vscode.workspace.asRelativePath(file)))}`,
    description: isLast ? `${program} · ${vscode.l10n.t('as last time')}` : program,
    detail:
      (await textOf(file)) === null
        ? vscode.l10n.t('There is no such file yet')
        : vscode.l10n.t('Replaces the existing file'),
    file,
  };
}

/**
 * True if a file may be written. Asks before it replaces a file that is not a Spark job of RecSample.
 * @throws FailureError if a link leads out of the workspace, or an editor has unsaved changes of the file
 */
export async function mayWrite(file: string): Promise<boolean> {
  const uri = vscode.Uri.file(file);
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const target = vscode.workspace.getWorkspaceFolder(uri) ? writtenOutside(file, folders) : null;
  if (target !== null)
    throw fail('refused-path', message('{0} is outside of the workspace, because a link leads to {1}', file, target), {
      advice: message('Choose a file in a folder of the workspace.'),
    });
  if (vscode.workspace.textDocuments.some(({ uri, isDirty }) => uri.fsPath === file && isDirty))
    throw fail('bad-request', message('An editor has unsaved changes of this file'), {
      place: { path: file },
      advice: message('Save or revert them, or write to another file.'),
    });
  const text = await textOf(file);
  if (text === null || head.test(text)) return true;
  const replace = vscode.l10n.t('Replace');
  const question = vscode.l10n.t('{0} is not a Spark job of RecSample. Replace it?', path.basename(file));
  return (await vscode.window.showWarningMessage(labelText(question), { modal: true }, replace)) === replace;
}

/** Null if there is no file. */
async function textOf(file: string): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.file(file)));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return null;
    throw error;
  }
}
