import * as vscode from 'vscode';
import type { Failure } from '../../core/message/failure.ts';
import type { Dataset } from '../../core/table/dataset.ts';
import type { View } from '../../core/table/filter.ts';
import type { AuditVerdict } from '../../protocol/sidebar.ts';
import type { InspectorCommand } from '../../protocol/inspector.ts';

/** The state of an inspector's data set. */
export type InspectedState =
  | { readonly kind: 'loading' }
  /** `rows`: rows of the view; null while they are being counted. `hidden`: names of columns. */
  | {
      readonly kind: 'open';
      readonly dataset: Dataset;
      readonly view: View;
      readonly rows: number | null;
      readonly hidden: readonly string[];
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** An open inspector, as seen by the rest of the host. */
export interface OpenInspector {
  /** The engine's id for its data set. Requests with the same id share the open files, so nothing is read twice. */
  readonly id: string;
  readonly uri: vscode.Uri;
  readonly path: string;
  readonly state: InspectedState;
  /** Sends a palette command to this inspector. */
  command(name: InspectorCommand): void;
}

/** Tracks the active inspector. */
export class OpenInspectors implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<OpenInspector | null>();
  #active: OpenInspector | null = null;
  readonly #verdicts = new Map<string, AuditVerdict>();
  /** Fires when another inspector becomes active, or when the active one shows something else. */
  readonly onDidChange = this.#changed.event;

  /** The active inspector; while the focus is elsewhere, the last active one; null if that was closed. */
  get active(): OpenInspector | null {
    return this.#active;
  }

  remove(inspector: OpenInspector): void {
    if (this.#active === inspector) this.#set(null);
  }

  activate(inspector: OpenInspector): void {
    if (this.#active !== inspector) this.#set(inspector);
  }

  /** `inspector` shows other rows, or its file has another state. */
  notifyChanged(inspector: OpenInspector): void {
    if (this.#active === inspector) this.#changed.fire(inspector);
  }

  /** Keeps what the audit of the file of an inspector found. */
  recordVerdict(inspector: OpenInspector, verdict: AuditVerdict): void {
    this.#verdicts.set(inspector.path, verdict);
    this.notifyChanged(inspector);
  }

  /** What the last audit of this content found; null if there was none. */
  verdict(path: string, fingerprint: string): AuditVerdict | null {
    const verdict = this.#verdicts.get(path);
    return verdict?.fingerprint === fingerprint ? verdict : null;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #set(inspector: OpenInspector | null): void {
    this.#active = inspector;
    this.#changed.fire(inspector);
  }
}
