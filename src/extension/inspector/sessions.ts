import * as vscode from 'vscode';
import type { Failure } from '../../core/message/failure.ts';
import type { Dataset } from '../../core/table/dataset.ts';
import type { View } from '../../core/table/filter.ts';
import type { InspectorCommand } from '../../protocol/inspector.ts';

/** What an inspector knows of its data set. */
export type SessionState =
  | { readonly kind: 'loading' }
  /** `rows`: those of the view; null while they are being counted. */
  | { readonly kind: 'open'; readonly dataset: Dataset; readonly view: View; readonly rows: number | null }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** One open inspector as the rest of the host sees it. */
export interface OpenInspector {
  /** Names its data set to the engine: who asks under it shares what is open, and reads no file a second time. */
  readonly id: string;
  readonly uri: vscode.Uri;
  readonly path: string;
  readonly state: SessionState;
  /** A palette command meant for this inspector. */
  command(name: InspectorCommand): void;
}

/** Knows which inspector is in front. */
export class Sessions implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<OpenInspector | null>();
  #active: OpenInspector | null = null;
  /** Fires when another inspector comes to the front, or when the one in front shows something else. */
  readonly onDidChange = this.#changed.event;

  /** The inspector in front; the last one while the focus is elsewhere; null when it is closed. */
  get active(): OpenInspector | null {
    return this.#active;
  }

  remove(session: OpenInspector): void {
    if (this.#active === session) this.#set(null);
  }

  activate(session: OpenInspector): void {
    if (this.#active !== session) this.#set(session);
  }

  /** `session` shows other rows, or another state of its file. */
  changed(session: OpenInspector): void {
    if (this.#active === session) this.#changed.fire(session);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #set(session: OpenInspector | null): void {
    this.#active = session;
    this.#changed.fire(session);
  }
}
