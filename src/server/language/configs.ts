import type { FactLevel } from '../../core/data/facts.ts';
import { factLevels } from '../../core/data/facts.ts';
import { SerialQueue } from '../../core/queue/serialQueue.ts';
import { keyOf, type Address } from './address.ts';
import type { Checker } from './checker.ts';
import { textOfFile } from './textOfFile.ts';
import { snapshotOf, type ConfigVersion, type Snapshot } from './snapshot.ts';

/** Takes the results. */
export interface SnapshotPublisher {
  /** Called after each check of a config. */
  publish(snapshot: Snapshot): void;
  /** Called when no client shows the config or asks about it any more. */
  forget(address: Address): void;
}

export interface ConfigsOptions {
  readonly checker: Checker;
  readonly publisher: SnapshotPublisher;
  readonly log: (text: string) => void;
}

/** Milliseconds without an edit before files are opened. A path that is still being typed is not worth opening. */
const QUIET = 200;

interface Config {
  text: ConfigVersion;
  /** The snapshot of `text` from cached facts; computed on demand. */
  snapshot: Promise<Snapshot> | null;
  level: FactLevel;
  /** The level that an edit postponed. */
  wanted: FactLevel;
  /** Aborts the work for the previous version. */
  work: AbortController;
  /** True while an editor shows the config. */
  open: boolean;
  /**
   * How much data to read while no editor shows the config: `schema` if a list shows it, `data` after it was validated.
   * Null: forget the config.
   */
  kept: 'schema' | 'data' | null;
}

/**
 * The configs that a client has open or has asked about. An edit takes these steps:
 *
 * 1. `edited` takes the text, and `#supersede` cancels the work for the previous text.
 * 2. `#checkCached` parses the text, checks it with cached facts, and publishes the snapshot.
 * 3. When typing pauses, `#checkFiles` reads files, checks again, and publishes again.
 *
 * The next edit cancels steps 2 and 3, so results are always about the current text.
 */
export class Configs {
  readonly #configs = new Map<string, Config>();
  readonly #options: ConfigsOptions;
  /** Configs to check again, one after another. */
  readonly #waiting = new Set<Config>();
  readonly #refreshes = new SerialQueue();

  constructor(options: ConfigsOptions) {
    this.#options = options;
  }

  /** Takes the current text of an editor. `level`: how much data to read when typing pauses. */
  edited(text: ConfigVersion, level: FactLevel): void {
    const config = this.#enter(text);
    config.open = true;
    this.#start(config, level);
  }

  /** Checks again for a reason other than an edit: a save, workspace trust, changed files. */
  refresh(address: Address, level: FactLevel): void {
    const config = this.#configs.get(keyOf(address));
    if (!config) return;
    if (config.open || config.kept === 'data') this.#start(config, level);
    else this.#queueRefresh(config);
  }

  /**
   * A workspace may have hundreds of configs that no editor shows, so their files are opened for one config at a time.
   */
  #queueRefresh(config: Config): void {
    if (this.#waiting.has(config)) return;
    this.#waiting.add(config);
    const refresh = async (): Promise<void> => {
      this.#waiting.delete(config);
      const { address } = config.text;
      if (config.open || this.#configs.get(keyOf(address)) !== config) return;
      await this.#checkListed(config);
    };
    this.#refreshes.run({}, refresh).catch((error: unknown) => {
      this.#log(error);
    });
  }

  /** All configs that are open or kept. */
  get addresses(): readonly Address[] {
    return [...this.#configs.values()].map(({ text }) => text.address);
  }

  /** The editor closed the document; from now on the text on disk counts. */
  async closed(address: Address): Promise<void> {
    const config = this.#configs.get(keyOf(address));
    if (!config) return;
    config.open = false;
    await this.fileChanged(address);
  }

  /** A file was written or deleted. Configs that an editor shows are not affected. */
  async fileChanged(address: Address): Promise<void> {
    const config = this.#configs.get(keyOf(address));
    if (!config || config.open) return;
    config.work.abort();
    const text = config.kept !== null ? await textOfFile(address).catch(() => null) : null;
    // An editor may have opened it meanwhile.
    if (this.#configs.get(keyOf(address))?.open !== false) return;
    if (text) {
      config.text = text;
      if (config.kept === 'data') this.#start(config, 'schema');
      else {
        // A checkout may change hundreds of listed configs at once, so their data are opened one config at a time.
        config.work = new AbortController();
        config.snapshot = null;
        this.#queueRefresh(config);
      }
    } else {
      this.#configs.delete(keyOf(address));
      this.#options.publisher.forget(config.text.address);
    }
  }

  /**
   * The snapshot of a config that a list shows, from the editor's text if it is open, else from disk. From then on its
   * findings are published, so that they match the list. @throws if the file cannot be read
   */
  async listed(address: Address): Promise<Snapshot> {
    const open = this.#configs.get(keyOf(address));
    if (open) {
      open.kept ??= 'schema';
      return this.#snapshot(open);
    }
    const config = await this.#read(address);
    config.kept ??= 'schema';
    if (!config.open) await this.#checkListed(config);
    return this.#snapshot(config);
  }

  /** Reads the columns of the files that a config names and reports the result, unless an edit comes first. */
  async #checkListed(config: Config): Promise<void> {
    const {
      text,
      work: { signal },
    } = config;
    const level = this.#allowed('schema', text.address);
    try {
      await this.#options.checker.check(text, { level, open: level !== 'none', signal });
    } catch (error) {
      // A newer lint is already running.
      if (signal.aborted) return;
      throw error;
    }
    // Counts that are cached and still valid are used too.
    const snapshot = await this.#fromCache(text, level);
    if (signal.aborted || config.open || config.text !== text) return;
    config.level = level;
    config.snapshot = Promise.resolve(snapshot);
    this.#options.publisher.publish(snapshot);
  }

  /** The current text: from the editor that shows it, else from disk. @throws if the file cannot be read */
  text(address: Address): Promise<ConfigVersion> {
    const config = this.#configs.get(keyOf(address));
    return config?.open === true ? Promise.resolve(config.text) : textOfFile(address);
  }

  /** The snapshot of a known config, for its current text; null for an unknown config. */
  current(address: Address): Promise<Snapshot> | null {
    const config = this.#configs.get(keyOf(address));
    return config ? this.#snapshot(config) : null;
  }

  /**
   * Reads data up to `level`, reports the result and returns it. @throws if the file cannot be read, and FailureError
   * `cancelled`
   */
  async validate(address: Address, level: FactLevel, signal: AbortSignal): Promise<Snapshot> {
    const config = this.#configs.get(keyOf(address)) ?? (await this.#read(address));
    config.kept = 'data';
    const allowed = this.#allowed(level, address);
    for (;;) {
      const { text } = config;
      const snapshot = snapshotOf(
        text,
        await this.#options.checker.check(text, { level: allowed, open: allowed !== 'none', signal }),
        allowed,
      );
      // If an edit came in between, lint the new text.
      if (config.text !== text) continue;
      config.snapshot = Promise.resolve(snapshot);
      config.level = allowed;
      this.#options.publisher.publish(snapshot);
      return snapshot;
    }
  }

  dispose(): void {
    for (const { work } of this.#configs.values()) work.abort();
  }

  /** Reads a config from disk, unless an editor opens it meanwhile: then the editor's text counts. */
  async #read(address: Address): Promise<Config> {
    const text = await textOfFile(address);
    return this.#configs.get(keyOf(address)) ?? this.#enter(text);
  }

  #enter(text: ConfigVersion): Config {
    const key = keyOf(text.address);
    const before = this.#configs.get(key);
    if (before)
      return Object.assign(before, { text, level: before.level === 'data' ? 'schema' : before.level, snapshot: null });
    const config: Config = {
      text,
      snapshot: null,
      level: 'none',
      wanted: 'none',
      work: new AbortController(),
      open: false,
      kept: null,
    };
    this.#configs.set(key, config);
    return config;
  }

  /** Checks the current text with cached facts, then with files; publishes both results. */
  #start(config: Config, level: FactLevel): void {
    const signal = this.#supersede(config);
    config.wanted = further(level, config.wanted);
    const allowed = this.#allowed(config.wanted, config.text.address);
    if (allowed === 'none') config.level = 'none';
    // Runs after the messages that already wait: of ten edits that arrive together, only the last one is published.
    setImmediate(() => void this.#checkCached(config, signal));
    if (allowed === 'none') return;
    const timer = setTimeout(() => void this.#checkFiles(config, allowed, signal), QUIET);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
    });
  }

  /** Cancels the work for the previous text. The signal cancels the work for the current text. */
  #supersede(config: Config): AbortSignal {
    config.work.abort();
    config.work = new AbortController();
    config.snapshot = null;
    return config.work.signal;
  }

  async #checkCached(config: Config, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const isStale = (): boolean => signal.aborted;
    const checked = this.#snapshot(config);
    try {
      const snapshot = await checked;
      // A validation may have published a newer snapshot of the same text.
      if (!isStale() && config.snapshot === checked) this.#options.publisher.publish(snapshot);
    } catch (error) {
      if (!isStale()) this.#log(error);
    }
  }

  async #checkFiles(config: Config, level: FactLevel, signal: AbortSignal): Promise<void> {
    const { text } = config;
    const isStale = (): boolean => signal.aborted;
    try {
      // Columns are known long before rows are counted.
      for (const step of level === 'data' ? (['schema', 'data'] as const) : (['schema'] as const)) {
        const linted = await this.#options.checker.check(text, { level: step, open: true, signal });
        if (isStale()) return;
        config.level = step;
        // Counts that are cached and still valid are used at the level `schema` too.
        const snapshot = step === 'data' ? snapshotOf(text, linted, step) : await this.#fromCache(text, step);
        if (isStale()) return;
        config.snapshot = Promise.resolve(snapshot);
        this.#options.publisher.publish(snapshot);
      }
      config.wanted = 'none';
    } catch (error) {
      if (!isStale()) this.#log(error);
    }
  }

  #log(error: unknown): void {
    this.#options.log(error instanceof Error ? error.message : String(error));
  }

  #snapshot(config: Config): Promise<Snapshot> {
    if (config.snapshot) return config.snapshot;
    const snapshot = this.#fromCache(config.text, config.level);
    config.snapshot = snapshot;
    // Do not cache a failure: the next request tries again.
    snapshot.catch(() => {
      if (config.snapshot === snapshot) config.snapshot = null;
    });
    return snapshot;
  }

  /** Checks with cached facts, at the level `data` so that valid counts are used, but opens no file. */
  async #fromCache(text: ConfigVersion, level: FactLevel): Promise<Snapshot> {
    return snapshotOf(
      text,
      await this.#options.checker.check(text, { level: this.#allowed('data', text.address), open: false }),
      level,
    );
  }

  #allowed(level: FactLevel, address: Address): FactLevel {
    const maxLevel = this.#options.checker.highestLevel(address);
    return further(level, maxLevel) === level ? maxLevel : level;
  }
}

function further(a: FactLevel, b: FactLevel): FactLevel {
  return factLevels.indexOf(a) < factLevels.indexOf(b) ? b : a;
}
