import type { WorkspaceFolder, WorkspaceFoldersChangeEvent } from 'vscode-languageserver/node';
import type { FactLevel } from '../../core/data/facts.ts';
import { projectRoot } from '../../project/projectRoot.ts';
import { addressOfUri, type Address } from './address.ts';

/** The client's workspace: its folders, and whether its files may be opened. */
export class Workspace {
  #folders: readonly string[];

  constructor(
    public trusted: boolean,
    folders: readonly WorkspaceFolder[],
  ) {
    this.#folders = pathsOf(folders);
  }

  changeFolders({ added, removed }: WorkspaceFoldersChangeEvent): void {
    const removedPaths = new Set(pathsOf(removed));
    this.#folders = [...this.#folders.filter((folder) => !removedPaths.has(folder)), ...pathsOf(added)];
  }

  /** The folder that must contain the data of a config. Null if the config is not a file. */
  rootOf({ path }: Address): string | null {
    return path === null ? null : projectRoot(path, this.#folders, process.cwd());
  }

  /** How much of the data of a config may be read at most. */
  highestLevel({ path }: Address): FactLevel {
    return this.trusted && path !== null ? 'data' : 'none';
  }
}

function pathsOf(folders: readonly WorkspaceFolder[]): string[] {
  return folders.flatMap(({ uri }) => addressOfUri(uri).path ?? []);
}
