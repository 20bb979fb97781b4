import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

/** The file that `recsample demo` leaves in each demo. */
const MARK = '.recsample-demo';

/** The first folder of the window that is a demo workspace; null if there is none. */
export function demoFolder(): string | null {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.map(({ uri }) => uri.fsPath).find((folder) => existsSync(path.join(folder, MARK))) ?? null;
}
