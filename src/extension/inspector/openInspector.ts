import * as vscode from 'vscode';
import { isPlainText, isSampleName } from '../../core/table/sampleName.ts';
import { viewTypes } from '../ids.ts';

/** True if the inspector can read a file with that name. */
export function canInspect({ path }: vscode.Uri): boolean {
  return isSampleName(path);
}

/** Opens a file, folder or glob in the inspector. */
export async function openInspector(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, viewTypeOf(uri));
}

/**
 * The command for a click in a tree: opens the inspector as a preview tab and keeps the focus in the tree, like the
 * Explorer.
 */
export function inspectOnClick(file: string): vscode.Command {
  const uri = vscode.Uri.file(file);
  const options: vscode.TextDocumentShowOptions = { preserveFocus: true, preview: true };
  return { command: 'vscode.openWith', title: vscode.l10n.t('Inspect'), arguments: [uri, viewTypeOf(uri), options] };
}

function viewTypeOf({ path }: vscode.Uri): string {
  return isPlainText(path) ? viewTypes.textInspector : viewTypes.inspector;
}
