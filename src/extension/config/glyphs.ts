import * as vscode from 'vscode';

/**
 * The glyph of a source for native trees: one shape per source, one hue per family. A question mark if the source does
 * not exist.
 */
export function glyphOf(
  extensionUri: vscode.Uri,
  source: string | null,
): vscode.ThemeIcon | { readonly light: vscode.Uri; readonly dark: vscode.Uri } {
  if (source === null) return new vscode.ThemeIcon('question');
  const file = (theme: string): vscode.Uri =>
    vscode.Uri.joinPath(extensionUri, 'media', 'sources', `${source}.${theme}.svg`);
  const dark = vscode.window.activeColorTheme.kind === vscode.ColorThemeKind.HighContrast ? 'hc' : 'dark';
  return { light: file('light'), dark: file(dark) };
}
