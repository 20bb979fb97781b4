import * as vscode from 'vscode';
import { targetOutside } from '../samplePath.ts';

/**
 * Whether a data file may be read without asking. In a workspace that is not trusted each file is asked for once a window: a native parser
 * reads it.
 */
export class Consent {
  readonly #given = new Set<string>();

  isGiven(path: string): boolean {
    return vscode.workspace.isTrusted || this.#given.has(path);
  }

  give(path: string): void {
    this.#given.add(path);
  }
}

/** Where a link inside of the workspace leads out of it, else null. */
export function linkTarget(path: string): string | null {
  return targetOutside(
    path,
    (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
  );
}
