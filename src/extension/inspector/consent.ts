import * as vscode from 'vscode';
import { targetOutside } from '../samplePath.ts';

/**
 * Decides whether a data file may be read without asking. In an untrusted workspace, the user is asked once per file
 * and window, because a native parser reads the file.
 */
export class Consent {
  readonly #given = new Set<string>();

  isGiven(path: string): boolean {
    return vscode.workspace.isTrusted || this.#given.has(path);
  }

  grant(path: string): void {
    this.#given.add(path);
  }
}

/** The target of a link inside the workspace that leads out of it, else null. */
export function linkTarget(path: string): string | null {
  return targetOutside(
    path,
    (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
  );
}
