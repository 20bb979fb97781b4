import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver/node';
import { addressOfPath, keyOf, type Address } from './address.ts';
import type { ConfigSummary } from '../../protocol/language.ts';
import type { Snapshot } from './snapshot.ts';

export interface PublisherOptions {
  readonly publish: (params: PublishDiagnosticsParams) => void;
  readonly diagnosticsOf: (findings: Snapshot['findings']) => Diagnostic[];
  readonly summary: (snapshot: Snapshot) => ConfigSummary;
  /** Called when the summary changes; null for a config that is no longer kept. */
  readonly configChanged: (uri: string, summary: ConfigSummary | null) => void;
  /** Inlay hints and code lenses, as opposed to diagnostics. Called only if a client may show them. */
  readonly annotations: (snapshot: Snapshot) => unknown;
  /** Called when the annotations of a text that the client has asked about change. */
  readonly annotationsChanged: () => void;
  /** Called when the set of policy files that configs depend on changes. */
  readonly policiesChanged: (paths: readonly string[]) => void;
}

interface Published {
  readonly version: number | null;
  readonly diagnostics: string;
  readonly summary: string;
  readonly annotations: string;
  readonly policies: Snapshot['policyFindings'];
  readonly policyFiles: readonly string[];
}

/**
 * Sends the client changes of configs and of the policy files that they depend on; never sends the same state twice.
 */
export class Publisher {
  readonly #published = new Map<string, Published>();
  readonly #policies = new Map<string, string>();
  #policyFiles = '';
  readonly #options: PublisherOptions;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  linted(snapshot: Snapshot): void {
    const { address, version } = snapshot;
    const diagnostics = this.#options.diagnosticsOf(snapshot.findings);
    const before = this.#published.get(keyOf(address));
    const summary = this.#options.summary(snapshot);
    const now: Published = {
      version,
      diagnostics: JSON.stringify(diagnostics),
      summary: JSON.stringify(summary),
      annotations: JSON.stringify(this.#options.annotations(snapshot)),
      policies: snapshot.policyFindings,
      policyFiles: snapshot.policyFiles,
    };
    this.#published.set(keyOf(address), now);
    // Publish for every version, even without changes, to show that it was linted.
    if (before?.version !== version || before.diagnostics !== now.diagnostics)
      this.#options.publish({ uri: address.uri, diagnostics, ...(version === null ? {} : { version }) });
    if (before?.summary !== now.summary) this.#options.configChanged(address.uri, summary);
    // An edit makes the client ask by itself.
    if (before?.version === version && before.annotations !== now.annotations) this.#options.annotationsChanged();
    this.#publishPolicies();
  }

  gone(address: Address): void {
    if (!this.#published.delete(keyOf(address))) return;
    this.#options.publish({ uri: address.uri, diagnostics: [] });
    this.#options.configChanged(address.uri, null);
    this.#publishPolicies();
  }

  /** Selects the configs that depend on a policy file. */
  standingOn(policyFile: string): (address: Address) => boolean {
    return (address) => this.#published.get(keyOf(address))?.policyFiles.includes(policyFile) ?? false;
  }

  /** Two configs that depend on the same policy file report the same findings for it. */
  #publishPolicies(): void {
    const found = new Map([...this.#published.values()].flatMap(({ policies }) => [...policies]));
    for (const file of this.#policies.keys()) if (!found.has(file)) this.#publishPolicy(file, []);
    for (const [file, findings] of found) this.#publishPolicy(file, findings);
    const files = [...new Set([...this.#published.values()].flatMap(({ policyFiles }) => policyFiles))].sort();
    const key = files.join('\0');
    if (key !== this.#policyFiles) this.#options.policiesChanged(files);
    this.#policyFiles = key;
  }

  #publishPolicy(file: string, findings: Snapshot['findings']): void {
    const diagnostics = this.#options.diagnosticsOf(findings);
    const text = JSON.stringify(diagnostics);
    if (text === (this.#policies.get(file) ?? '[]')) return;
    this.#policies.set(file, text);
    this.#options.publish({ uri: addressOfPath(file).uri, diagnostics });
  }
}
