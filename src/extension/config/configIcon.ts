import * as vscode from 'vscode';

/** The icon of ratio configs, for the tab of a panel. */
export function configIcon(extensionUri: vscode.Uri): Readonly<Record<'light' | 'dark', vscode.Uri>> {
  const icon = (theme: string): vscode.Uri =>
    vscode.Uri.joinPath(extensionUri, 'media', 'languages', `ratio-config.${theme}.svg`);
  return { light: icon('light'), dark: icon('dark') };
}
