import * as vscode from 'vscode';
import { isConfig } from '../config/configList.ts';

/** True for the address of a document that is a ratio config by its name, or that is open as one. */
export function isConfigAddress(uri: string): boolean {
  return (
    /\.ratio\.(ya?ml|json)$/i.test(vscode.Uri.parse(uri).path) ||
    vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri && isConfig(document))
  );
}

/** The same inside the workspace, or in an editor: configs that a view may name by itself. */
export function isReachableConfig(uri: string): boolean {
  const opened = vscode.workspace.textDocuments.some(
    (document) => document.uri.toString() === uri && isConfig(document),
  );
  return opened || (isConfigAddress(uri) && vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(uri)) !== undefined);
}

/** Every address of a config in a message. */
export function addressesIn(message: unknown): string[] {
  if (typeof message !== 'object' || message === null) return [];
  return Object.entries(message).flatMap(([key, value]) =>
    key === 'uri' && typeof value === 'string' ? [value] : addressesIn(value),
  );
}
