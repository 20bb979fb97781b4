import * as vscode from 'vscode';
import type { Dataset } from '../../core/table/dataset.ts';
import type { DatasetRef } from '../../protocol/datasetRef.ts';
import type { CallContext, EngineClient } from '../../protocol/engine.ts';
import type { DeclaredRoles } from './declaredRoles.ts';
import type { FormatMemory } from '../formatMemory.ts';
import type { RoleMemory } from '../roleMemory.ts';

/**
 * Opens data sets with the roles that the user set and that configs declare, and caches the results for the sidebar.
 */
export class Datasets implements vscode.Disposable {
  readonly #engine: EngineClient;
  readonly #roles: RoleMemory;
  readonly #declared: DeclaredRoles;
  readonly #known = new Map<string, Dataset>();
  readonly #changed = new vscode.EventEmitter<string>();
  /** Fires with a path when its cached facts change. */
  readonly onDidChange = this.#changed.event;

  constructor(
    engine: EngineClient,
    roles: RoleMemory,
    declared: DeclaredRoles,
    readonly formats: FormatMemory,
  ) {
    this.#engine = engine;
    this.#roles = roles;
    this.#declared = declared;
  }

  ref(id: string, path: string, fingerprint?: string): DatasetRef {
    const roles = this.#roles.get(path);
    const declared = this.#declared.get(path);
    const format = this.formats.get(path);
    return {
      id,
      path,
      ...(roles ? { roles } : {}),
      ...(declared ? { declared } : {}),
      ...(format ? { format } : {}),
      ...(fingerprint === undefined ? {} : { fingerprint }),
    };
  }

  /** The cached facts about a path; no request is made. */
  cachedFacts(path: string): Dataset | undefined {
    return this.#known.get(path);
  }

  /** Reads the current data set. */
  async open(id: string, path: string, context?: Partial<CallContext>): Promise<Dataset> {
    const dataset = await this.#engine.call('open', { ref: this.ref(id, path) }, context);
    this.update(path, dataset);
    return dataset;
  }

  /** Reads the current data set and closes it again: only the facts stay, no open files and no copy in memory. */
  async peek(path: string): Promise<Dataset> {
    const id = `peek:${path}`;
    try {
      return await this.open(id, path);
    } finally {
      this.#engine.call('close', { id }).catch(() => undefined);
    }
  }

  update(path: string, dataset: Dataset): void {
    this.#known.set(path, dataset);
    this.#changed.fire(path);
  }

  forget(path: string): void {
    if (this.#known.delete(path)) this.#changed.fire(path);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
