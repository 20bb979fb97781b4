import * as vscode from 'vscode';
import { viewTypes } from '../ids.ts';

/** Names of the text formats that are read. */
export const textSample = /\.(csv|tsv|jsonl|ndjson)(\.gz|\.zst)?$/i;

/** Whether the inspector reads a file of that name. */
export function canInspect({ path }: vscode.Uri): boolean {
  return /\.parquet$/i.test(path) || textSample.test(path);
}

/** Opens a file, folder or glob in the inspector. */
export async function openInspector(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, textSample.test(uri.path) ? viewTypes.textInspector : viewTypes.inspector);
}
