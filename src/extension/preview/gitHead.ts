import * as vscode from 'vscode';

/** The part of the API of VS Code's built-in Git extension that is used here. */
interface GitExtension {
  getAPI(version: 1): { getRepository(uri: vscode.Uri): { show(ref: string, path: string): Promise<string> } | null };
}

/** The text of a file in the last commit; null if the commit does not have it, or if Git is off. */
export async function textAtHead(file: vscode.Uri): Promise<string | null> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (!extension || file.scheme !== 'file') return null;
  try {
    const git = extension.isActive ? extension.exports : await extension.activate();
    return (await git.getAPI(1).getRepository(file)?.show('HEAD', file.fsPath)) ?? null;
  } catch {
    // The file is not in the commit, there is no commit yet, or Git is disabled.
    return null;
  }
}
