import type { Connection, Diagnostic } from 'vscode-languageserver/node';
import { languageWire, type ConfigChanged, type ConfigSummary } from '../../protocol/language.ts';
import { addressOfPath, keyOf, type Address } from './address.ts';
import type { Annotations } from './annotations.ts';
import type { Client } from './client.ts';
import { diagnosticOf } from './diagnostics.ts';
import type { Snapshot } from './snapshot.ts';
import { summaryOf } from './summary.ts';

export interface PublisherOptions {
  readonly connection: Pick<Connection, 'sendDiagnostics' | 'sendNotification'>;
  readonly client: Client;
  readonly annotations: Annotations;
  /** Takes the policy files that configs depend on, when they change. */
  readonly watched: { watchPolicies(paths: readonly string[]): void };
}

interface Published {
  readonly version: number | null;
  readonly diagnostics: string;
  readonly summary: string;
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

  /** Publishes a checked version of a config: its findings, its summary, and what annotations changed. */
  publish(snapshot: Snapshot): void {
    const { address, version } = snapshot;
    const diagnostics = this.#diagnosticsOf(snapshot.findings);
    const before = this.#published.get(keyOf(address));
    const summary = summaryOf(snapshot);
    const now: Published = {
      version,
      diagnostics: JSON.stringify(diagnostics),
      summary: JSON.stringify(summary),
      policies: snapshot.policyFindings,
      policyFiles: snapshot.policyFiles,
    };
    this.#published.set(keyOf(address), now);
    // Publish for every version, even without changes, to show that it was linted.
    if (before?.version !== version || before.diagnostics !== now.diagnostics)
      this.#sendDiagnostics(address.uri, diagnostics, version);
    if (before?.summary !== now.summary) this.#sendSummary(address.uri, summary);
    this.#options.annotations.published(snapshot);
    this.#publishPolicies();
  }

  /** The editor closed the config. */
  closed(address: Address): void {
    this.#options.annotations.forget(address);
  }

  /** No client shows the config or asks about it any more. */
  forget(address: Address): void {
    this.#options.annotations.forget(address);
    if (!this.#published.delete(keyOf(address))) return;
    this.#sendDiagnostics(address.uri, [], null);
    this.#sendSummary(address.uri, null);
    this.#publishPolicies();
  }

  /** Selects the configs that depend on a policy file. */
  dependsOn(policyFile: string): (address: Address) => boolean {
    return (address) => this.#published.get(keyOf(address))?.policyFiles.includes(policyFile) ?? false;
  }

  /** Two configs that depend on the same policy file report the same findings for it. */
  #publishPolicies(): void {
    const findingsByPolicy = new Map([...this.#published.values()].flatMap(({ policies }) => [...policies]));
    for (const file of this.#policies.keys()) if (!findingsByPolicy.has(file)) this.#publishPolicy(file, []);
    for (const [file, findings] of findingsByPolicy) this.#publishPolicy(file, findings);
    const files = [...new Set([...this.#published.values()].flatMap(({ policyFiles }) => policyFiles))].sort();
    const key = files.join('\0');
    if (key !== this.#policyFiles) this.#options.watched.watchPolicies(files);
    this.#policyFiles = key;
  }

  #publishPolicy(file: string, findings: Snapshot['findings']): void {
    const diagnostics = this.#diagnosticsOf(findings);
    const text = JSON.stringify(diagnostics);
    if (text === (this.#policies.get(file) ?? '[]')) return;
    this.#policies.set(file, text);
    this.#sendDiagnostics(addressOfPath(file).uri, diagnostics, null);
  }

  #diagnosticsOf(findings: Snapshot['findings']): Diagnostic[] {
    return findings.map((finding) => diagnosticOf(finding, this.#options.client));
  }

  #sendDiagnostics(uri: string, diagnostics: Diagnostic[], version: number | null): void {
    void this.#options.connection.sendDiagnostics({ uri, diagnostics, ...(version === null ? {} : { version }) });
  }

  #sendSummary(uri: string, summary: ConfigSummary | null): void {
    const changed: ConfigChanged = { uri, summary };
    void this.#options.connection.sendNotification(languageWire.configChanged, changed);
  }
}
