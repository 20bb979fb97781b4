import * as vscode from 'vscode';
import type { Role } from '../core/table/role.ts';
import { ownValue } from '../core/ownValue.ts';

type Roles = Readonly<Record<string, Role | null>>;
const KEY = 'recsample.roles';

/** The roles that the user set, by data set path and column name, stored with the workspace. */
export class RoleMemory implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<string>();
  /** Fires with the path whose roles changed. */
  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  get(path: string): Roles | undefined {
    return ownValue(this.#all(), path);
  }

  /** Sets a role, removes a guessed role (null), or restores the guess (undefined). */
  async set(path: string, column: string, role: Role | null | undefined): Promise<void> {
    const kept = Object.entries(this.get(path) ?? {}).filter(([name]) => name !== column);
    const roles = Object.fromEntries(role === undefined ? kept : [...kept, [column, role] as const]);
    const others = Object.entries(this.#all()).filter(([other]) => other !== path);
    await this.#state.update(
      KEY,
      Object.fromEntries(Object.keys(roles).length === 0 ? others : [...others, [path, roles] as const]),
    );
    this.#changed.fire(path);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #all(): Readonly<Record<string, Roles>> {
    return this.#state.get<Record<string, Roles>>(KEY, {});
  }
}
