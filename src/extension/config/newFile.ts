import path from 'node:path';
import * as vscode from 'vscode';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { stages } from '../../core/schema/stage.ts';
import { isInside, writtenOutside } from '../samplePath.ts';

/** @throws FailureError if the file is outside of the workspace, or if it exists */
export async function checkNewFile(file: string): Promise<void> {
  refuseOutside(file);
  if (await exists(vscode.Uri.file(file)))
    throw fail('bad-request', message('{0} already exists', path.basename(file)), {
      advice: message('Choose another name. Existing files are never overwritten.'),
    });
}

/** Writes a checked config, and shows its first stage: the preview is one click away, in the lenses above it. */
export async function showNewConfig(file: string, text: string): Promise<void> {
  const uri = vscode.Uri.file(file);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const editor = await vscode.window.showTextDocument(uri, { preview: false });
  const line = firstStage(text);
  editor.selection = new vscode.Selection(line, 0, line, 0);
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenter);
}

/** The line of the first stage in a config that RecSample wrote; 0 if there is none. The extension host reads no YAML. */
function firstStage(text: string): number {
  const at = text.search(new RegExp(`^ {2}(?:${stages.join('|')}):`, 'm'));
  return at < 0 ? 0 : text.slice(0, at).split('\n').length - 1;
}

/** @throws FailureError if the path is outside the workspace, by its name or through a link */
function refuseOutside(file: string): void {
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const advice = message('Choose a file in a folder of the workspace.');
  if (!folders.some((folder) => isInside(file, folder)))
    throw fail('refused-path', message('{0} is outside of the workspace', file), { advice });
  const target = writtenOutside(file, folders);
  if (target !== null)
    throw fail('refused-path', message('{0} is outside of the workspace, because a link leads to {1}', file, target), {
      advice,
    });
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
