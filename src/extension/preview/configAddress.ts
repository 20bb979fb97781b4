import * as vscode from 'vscode';
import { isConfig } from '../config/configList.ts';

/** True if the URI is that of a ratio config by its name, or of a document that is open as one. */
export function isConfigAddress(uri: string): boolean {
  return (
    /\.ratio\.(ya?ml|json)$/i.test(vscode.Uri.parse(uri).path) ||
    vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri && isConfig(document))
  );
}

/** True for such a config inside the workspace or in an editor. A webview may name these configs itself. */
export function isReachableConfig(uri: string): boolean {
  const opened = vscode.workspace.textDocuments.some(
    (document) => document.uri.toString() === uri && isConfig(document),
  );
  return opened || (isConfigAddress(uri) && vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(uri)) !== undefined);
}

/** Every config URI in a message. */
export function addressesIn(message: unknown): string[] {
  if (typeof message !== 'object' || message === null) return [];
  return Object.entries(message).flatMap(([key, value]) =>
    key === 'uri' && typeof value === 'string' ? [value] : addressesIn(value),
  );
}
