import { CodeLensRefreshRequest, InlayHintRefreshRequest, type Connection } from 'vscode-languageserver/node';
import { keyOf, type Address } from './address.ts';
import type { ClientAbilities } from './capabilities.ts';
import type { Client } from './client.ts';
import { codeLenses } from './codeLenses.ts';
import { inlayHints } from './inlayHints.ts';
import { wholeRange, type Snapshot } from './snapshot.ts';

export type AnnotationKind = 'lenses' | 'hints';

/** How to build the annotations of one kind, and how to make the client ask for them again. */
export type AnnotationKinds = Readonly<
  Record<AnnotationKind, { readonly build: (snapshot: Snapshot) => unknown; readonly refresh: () => void }>
>;

/**
 * Keeps the code lenses and inlay hints that the client shows up to date. After an edit the client asks by itself.
 * Otherwise it asks only on request: if the annotations differ from those that it was given for the same version.
 * Versions that the client never asked about cost nothing.
 */
export class Annotations {
  readonly #kinds: AnnotationKinds;
  /** The snapshots that answered the client's last requests. The client may have been given one never published. */
  readonly #sent: Readonly<Record<AnnotationKind, Map<string, Snapshot>>> = { lenses: new Map(), hints: new Map() };
  /** The last published snapshots. */
  readonly #latest = new Map<string, Snapshot>();

  constructor(kinds: AnnotationKinds) {
    this.#kinds = kinds;
  }

  /** The client was given the annotations of a snapshot. */
  setSent(kind: AnnotationKind, snapshot: Snapshot): void {
    const key = keyOf(snapshot.address);
    this.#sent[kind].set(key, snapshot);
    // A newer snapshot may have been published while the answer waited for this one.
    const latest = this.#latest.get(key);
    if (latest) this.#refreshIfChanged(kind, latest);
  }

  published(snapshot: Snapshot): void {
    this.#latest.set(keyOf(snapshot.address), snapshot);
    this.#refreshIfChanged('lenses', snapshot);
    this.#refreshIfChanged('hints', snapshot);
  }

  /** The client shows the config no longer. */
  forget(address: Address): void {
    const key = keyOf(address);
    this.#latest.delete(key);
    this.#sent.lenses.delete(key);
    this.#sent.hints.delete(key);
  }

  #refreshIfChanged(kind: AnnotationKind, latest: Snapshot): void {
    const sent = this.#sent[kind].get(keyOf(latest.address));
    if (!sent || sent === latest || sent.version !== latest.version) return;
    const { build, refresh } = this.#kinds[kind];
    if (JSON.stringify(build(sent)) !== JSON.stringify(build(latest))) refresh();
  }
}

export function annotationKinds(connection: Connection, client: Client, abilities: ClientAbilities): AnnotationKinds {
  return {
    lenses: {
      build: (snapshot) => codeLenses(snapshot, client),
      refresh: () => {
        if (abilities.refreshLenses) connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
      },
    },
    hints: {
      build: (snapshot) => inlayHints(snapshot, client, wholeRange(snapshot)),
      refresh: () => {
        if (abilities.refreshHints) connection.sendRequest(InlayHintRefreshRequest.type).catch(() => undefined);
      },
    },
  };
}
