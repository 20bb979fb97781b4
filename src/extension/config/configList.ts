import * as vscode from 'vscode';
import type { ConfigSummary, FindingCounts } from '../../protocol/language.ts';
import { searchSettings } from '../configuration.ts';
import { contextKeys, languages } from '../ids.ts';
import type { ServerLink } from '../serverLink.ts';

/** Names of ratio configs. */
const configPattern = '**/*.ratio.{yaml,yml,json}';
/** Milliseconds to wait after the last created or deleted file before a new search. */
const QUIET = 250;
/** Maximum number of concurrent requests about configs. */
const AT_A_TIME = 4;

export function isConfig(document: vscode.TextDocument): boolean {
  return document.languageId === languages.yaml || document.languageId === languages.json;
}

/**
 * The ratio configs of the workspace with the server's summaries. The search starts with the first call of `searched`.
 * If there is no config, no server is started.
 */
export class ConfigList implements vscode.Disposable {
  readonly #link: ServerLink;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<vscode.Uri | undefined>();
  /** Fires with the config whose summary changed; with undefined if the list of configs changed. */
  readonly onDidChange = this.#changed.event;
  readonly #fileChanged = new vscode.EventEmitter<vscode.Uri>();
  /** Fires with the file of a config that was created, written or deleted: the only watcher of all ratio configs. */
  readonly onDidChangeFile = this.#fileChanged.event;
  readonly #subscriptions: vscode.Disposable[];
  readonly #summaries = new Map<string, ConfigSummary>();
  /** Configs to ask about, oldest request first. */
  readonly #wanted = new Set<string>();
  #asking = 0;
  /** Called when no request about a config is left. */
  readonly #idle: (() => void)[] = [];
  #uris: readonly vscode.Uri[] = [];
  #cappedAt: number | null = null;
  #search: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(link: ServerLink, log: vscode.LogOutputChannel) {
    this.#link = link;
    this.#log = log;
    const watcher = vscode.workspace.createFileSystemWatcher(configPattern);
    const later = (): void => {
      if (!this.#search) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.refresh(), QUIET);
    };
    const fire = (uri: vscode.Uri): void => {
      this.#fileChanged.fire(uri);
    };
    this.#subscriptions = [
      watcher,
      watcher.onDidCreate(later),
      watcher.onDidDelete(later),
      watcher.onDidChange((uri) => {
        this.#ask(uri);
      }),
      watcher.onDidCreate(fire),
      watcher.onDidDelete(fire),
      watcher.onDidChange(fire),
      vscode.workspace.onDidChangeWorkspaceFolders(later),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('recsample.samples')) later();
      }),
      link.onConfigChanged(({ uri, summary }) => {
        this.#take(vscode.Uri.parse(uri), summary);
      }),
      // A new server does not know the configs that no editor shows.
      link.onRestarted(() => {
        this.#askAll();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.#askAll();
      }),
      // An open config needs the list even if the view was never shown.
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (isConfig(document)) void this.searched();
      }),
    ];
    if (vscode.workspace.textDocuments.some(isConfig)) void this.searched();
  }

  /** The number of files at which the search stopped, or null if it was complete. */
  get cappedAt(): number | null {
    return this.#cappedAt;
  }

  /** Configs on disk, sorted by path. */
  get list(): readonly vscode.Uri[] {
    return this.#uris;
  }

  summary(uri: vscode.Uri): ConfigSummary | undefined {
    return this.#summaries.get(uri.toString());
  }

  /** False if the summary of the config has other counts of findings than these. */
  agrees(uri: vscode.Uri, { error, warning, info }: FindingCounts): boolean {
    const counts = this.summary(uri)?.counts;
    return !counts || (counts.error === error && counts.warning === warning && counts.info === info);
  }

  /** The known summaries of all configs. */
  get summaries(): readonly ConfigSummary[] {
    return this.#uris.flatMap((uri) => this.summary(uri) ?? []);
  }

  /** The server's current summary. Also works for documents outside the list, such as unsaved ones. */
  async ask(uri: vscode.Uri): Promise<ConfigSummary> {
    const summary = this.summary(uri);
    return summary ?? this.#request(uri);
  }

  /** Searches on the first call; later calls return the current list. */
  async searched(): Promise<readonly vscode.Uri[]> {
    this.#search ??= this.#find();
    await this.#search;
    return this.#uris;
  }

  /** The summaries of all configs, as soon as the server has answered about each. Those that failed are missing. */
  async summarized(): Promise<readonly ConfigSummary[]> {
    await this.searched();
    if (this.#asking > 0)
      await new Promise<void>((resolve) => {
        this.#idle.push(resolve);
      });
    return this.summaries;
  }

  async refresh(): Promise<void> {
    this.#search = this.#find();
    await this.#search;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
    this.#fileChanged.dispose();
  }

  async #find(): Promise<void> {
    const { exclude, maxFiles } = searchSettings();
    const uris = await vscode.workspace.findFiles(
      configPattern,
      exclude.length === 0 ? null : `{${exclude.join(',')}}`,
      maxFiles + 1,
    );
    const sorted = [...uris].sort((a, b) => (a.path < b.path ? -1 : 1));
    this.#cappedAt = sorted.length > maxFiles ? maxFiles : null;
    this.#uris = sorted.slice(0, maxFiles);
    const names = new Set(this.#uris.map(String));
    for (const name of this.#summaries.keys()) if (!names.has(name)) this.#summaries.delete(name);
    this.#changed.fire(undefined);
    await vscode.commands.executeCommand('setContext', contextKeys.configsSearched, true);
    this.#askAll();
  }

  #askAll(): void {
    for (const uri of this.#uris) this.#ask(uri);
  }

  /** Requests the summary of a listed config, a few at a time. A config that is already waiting is not added again. */
  #ask(uri: vscode.Uri): void {
    const name = uri.toString();
    if (!this.#uris.some((candidate) => candidate.toString() === name)) {
      this.#summaries.delete(name);
      this.#changed.fire(uri);
      return;
    }
    this.#wanted.add(name);
    this.#next();
  }

  #next(): void {
    const [name] = this.#wanted;
    if (name === undefined || this.#asking >= AT_A_TIME) return;
    this.#wanted.delete(name);
    this.#asking++;
    this.#request(vscode.Uri.parse(name))
      .catch((error: unknown) => {
        this.#log.warn(`summary of ${name}: ${String(error)}`);
      })
      .finally(() => {
        this.#asking--;
        this.#next();
        if (this.#asking === 0) for (const resolve of this.#idle.splice(0)) resolve();
      });
    this.#next();
  }

  async #request(uri: vscode.Uri): Promise<ConfigSummary> {
    const summary = await this.#link.request('configSummary', { uri: uri.toString() });
    this.#take(uri, summary);
    return summary;
  }

  #take(uri: vscode.Uri, summary: ConfigSummary | null): void {
    if (summary) this.#summaries.set(uri.toString(), summary);
    else this.#summaries.delete(uri.toString());
    this.#changed.fire(uri);
  }
}
