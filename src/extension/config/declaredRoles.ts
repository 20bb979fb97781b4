import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { DeclaredRole } from '../../core/table/role.ts';
import type { ConfigSummary } from '../../protocol/language.ts';
import { placesOf } from '../samplePath.ts';

type Declared = Readonly<Record<string, DeclaredRole>>;

/** The roles that the workspace's configs declare, by data set path and column name. */
export class DeclaredRoles implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<string>();
  /** Fires with each path whose declared roles changed. */
  readonly onDidChange = this.#changed.event;
  #byPath: ReadonlyMap<string, Declared> = new Map();

  get(path: string): Declared | undefined {
    return this.#byPath.get(path);
  }

  /** Takes the roles from the configs. If two configs declare the same column, the first in the list wins. */
  update(configs: readonly ConfigSummary[]): void {
    const byPath = new Map<string, Declared>();
    for (const { uri, datasets } of configs) {
      const config = posix.basename(vscode.Uri.parse(uri).path);
      for (const { path, columns } of datasets) {
        const declared = Object.fromEntries(
          columns.map(({ name, role, line }): [string, DeclaredRole] => [name, { role, config, line }]),
        );
        for (const place of placesOf(path)) byPath.set(place, { ...declared, ...byPath.get(place) });
      }
    }
    const before = this.#byPath;
    this.#byPath = byPath;
    for (const path of new Set([...before.keys(), ...byPath.keys()])) {
      if (JSON.stringify(before.get(path)) !== JSON.stringify(byPath.get(path))) this.#changed.fire(path);
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
