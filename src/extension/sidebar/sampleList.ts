import { posix } from 'node:path';
import * as vscode from 'vscode';
import { formatOfName, nameGlob, sampleEndings } from '../../core/table/sampleName.ts';
import type { ConfigSummary } from '../../protocol/language.ts';
import type { ConfigList } from '../config/configList.ts';
import { contextKeys } from '../ids.ts';
import { isInside, kindOfPath, splitGlob } from '../samplePath.ts';
import { groupSamples, type FoundSample } from './grouping.ts';
import { searchSamples, textFoldersOf } from './sampleSearch.ts';

/** A data set of the Samples view. `remembered`: outside of the search results, but the user opened or chose it. */
export interface Sample extends FoundSample {
  readonly remembered: boolean;
  /** Where ratio configs name this data set; empty if none does. */
  readonly namings: readonly Naming[];
}

export interface Naming {
  /** `impressions`, `samples.recall`. */
  readonly dataset: string;
  /** File name of the config. */
  readonly config: string;
}

const KEY = 'recsample.samples';
/** Maximum number of remembered paths; those opened longest ago are dropped. */
const MAX_REMEMBERED = 50;
/** Milliseconds to wait after the last written file before a new search, because a job writes many files. */
const QUIET = 500;

/**
 * The data sets of the workspace: binary files, text files that look like samples or are in the folders of configs and
 * of their data, data named in configs, and data that the user opened. The search is capped and does not collect every
 * CSV or JSON file of a workspace.
 */
export class SampleList implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #configs: ConfigList;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<'some' | 'all'>();
  /** Fires with what must be drawn again. */
  readonly onDidChange = this.#changed.event;
  readonly #touched = new vscode.EventEmitter<string>();
  /** Fires with the path of a data set when one of its files was written. */
  readonly onDidTouch = this.#touched.event;
  readonly #subscriptions: vscode.Disposable[];
  #found: readonly FoundSample[] = [];
  /** By path of a file, a folder or a glob. */
  #named: ReadonlyMap<string, readonly Naming[]> = new Map();
  /** Folders whose text files are listed. */
  #textFolders: readonly string[] = [];
  #cappedAt: number | null = null;
  #search: Promise<void> | null = null;
  /** Number of searches started, and the number of the search whose files are listed. */
  #searches = 0;
  #newest = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(state: vscode.Memento, configs: ConfigList, log: vscode.LogOutputChannel) {
    this.#state = state;
    this.#configs = configs;
    this.#log = log;
    const watcher = vscode.workspace.createFileSystemWatcher(`**/${nameGlob(sampleEndings)}`);
    const later = (): void => {
      this.#searchLater();
    };
    const touched = (uri: vscode.Uri): void => {
      const sample = this.list().find((entry) => isInside(uri.fsPath, entry.path));
      if (sample) this.#touched.fire(sample.path);
    };
    this.#subscriptions = [
      watcher,
      configs.onDidChange(() => {
        this.#setNamings(configs.summaries);
      }),
      watcher.onDidCreate(later),
      watcher.onDidDelete(later),
      watcher.onDidCreate(touched),
      watcher.onDidDelete(touched),
      watcher.onDidChange(touched),
      vscode.workspace.onDidChangeWorkspaceFolders(later),
      vscode.workspace.onDidGrantWorkspaceTrust(later),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('recsample.samples')) later();
      }),
    ];
  }

  /** The number of files at which the search stopped, or null if it was complete. */
  get cappedAt(): number | null {
    return this.#cappedAt;
  }

  list(): readonly Sample[] {
    const namings = this.#namingsByPath();
    const take = (path: string): readonly Naming[] => {
      const entries = namings.get(path) ?? [];
      namings.delete(path);
      return entries;
    };
    const searched = this.#found.map((sample) => ({ ...sample, remembered: false, named: take(sample.path) }));
    const unsearched = (paths: Iterable<string>, remembered: boolean): Sample[] =>
      [...paths].flatMap((path): Sample[] => {
        const kind = kindOfPath(path);
        if (kind === 'missing' || this.#found.some((sample) => sample.path === path)) return [];
        const format = formatOfName(path)?.format ?? null;
        return [{ path, folder: kind !== 'file', files: 1, format, remembered, namings: take(path) }];
      });
    const remembered = unsearched(this.#remembered(), true);
    return [...searched, ...unsearched([...namings.keys()].sort(), false), ...remembered];
  }

  /**
   * Stores the data sets that configs name. They are listed in any format, and so are text files next to them.
   */
  #setNamings(configs: readonly ConfigSummary[]): void {
    const namings = new Map<string, Naming[]>();
    for (const { uri, datasets } of configs) {
      const config = posix.basename(vscode.Uri.parse(uri).path);
      for (const { name: dataset, path: datasetPath } of datasets) {
        namings.set(datasetPath, [...(namings.get(datasetPath) ?? []), { dataset, config }]);
      }
    }
    const folders = textFoldersOf(configs);
    if (folders.join('\n') !== this.#textFolders.join('\n')) {
      this.#textFolders = folders;
      if (this.#search) this.#searchLater();
    }
    if (JSON.stringify([...namings]) === JSON.stringify([...this.#named])) return;
    this.#named = namings;
    this.#changed.fire('some');
  }

  /** Searches on the first call, without a change event; later calls return the current list. */
  async searched(): Promise<readonly Sample[]> {
    // Configs name their data sets and show where text samples are.
    if (!this.#search) void this.#configs.searched();
    this.#search ??= this.#find();
    await this.#search;
    return this.list();
  }

  /** Searches again, because a watcher may be late or miss a file. The tree then reloads all that it shows. */
  async refresh(): Promise<void> {
    await this.#searchAgain('all');
  }

  /** Searches again for a choice that the user makes now, because a job may just have written its file. */
  async current(): Promise<readonly Sample[]> {
    if (this.#search) await this.#searchAgain('some');
    return await this.searched();
  }

  /** Remembers a path that the user opened. Paths that the search finds are not stored. */
  async remember(path: string): Promise<void> {
    const remembered = this.#remembered();
    if (remembered[0] === path || this.#found.some((sample) => sample.path === path)) return;
    await this.#keep([path, ...remembered.filter((other) => other !== path)].slice(0, MAX_REMEMBERED));
  }

  async forget(path: string): Promise<void> {
    await this.#keep(this.#remembered().filter((other) => other !== path));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
    this.#touched.dispose();
  }

  /** Names in configs by path of the list. A glob over the files of a listed folder counts as that folder. */
  #namingsByPath(): Map<string, readonly Naming[]> {
    const namings = new Map<string, readonly Naming[]>();
    for (const [datasetPath, entries] of this.#named) {
      const { root } = splitGlob(datasetPath);
      const listedPath =
        kindOfPath(datasetPath) === 'glob' && this.#found.some((sample) => sample.folder && sample.path === root)
          ? root
          : datasetPath;
      namings.set(listedPath, [...(namings.get(listedPath) ?? []), ...entries]);
    }
    return namings;
  }

  async #find(): Promise<void> {
    const search = ++this.#searches;
    const { files, cappedAt } = await searchSamples(this.#textFolders);
    // A newer search has already ended.
    if (search < this.#newest) return;
    this.#newest = search;
    this.#cappedAt = cappedAt;
    this.#found = groupSamples(
      files,
      (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
    );
    this.#log.info(
      `found ${files.length} sample files, ${this.#found.length} data sets${this.#cappedAt === null ? '' : ', stopped at the limit'}`,
    );
    await vscode.commands.executeCommand('setContext', contextKeys.searched, true);
  }

  #remembered(): readonly string[] {
    return this.#state.get<string[]>(KEY, []);
  }

  async #keep(paths: readonly string[]): Promise<void> {
    await this.#state.update(KEY, paths);
    this.#changed.fire('some');
  }

  #searchLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#searchAgain('some'), QUIET);
  }

  async #searchAgain(change: 'some' | 'all'): Promise<void> {
    const search = this.#find();
    // Calls in the meantime get the previous list at once.
    this.#search ??= search;
    await search;
    this.#changed.fire(change);
  }
}
