import type { FactLevel } from '../../core/data/facts.ts';
import { factLevels } from '../../core/data/facts.ts';
import type { LintedConfig } from '../lint/lintFile.ts';
import { keyOf, type Address } from './address.ts';
import { textOfFile } from './configFile.ts';
import { snapshotOf, type ConfigText, type Snapshot } from './snapshot.ts';

/** How a config is linted: how far its data are looked at, and whether files are opened for it or what is known must do. */
export interface Looking {
  readonly level: FactLevel;
  readonly open: boolean;
  readonly signal?: AbortSignal;
}

export interface ConfigsOptions {
  /** Without `open` it never waits. @throws FailureError `cancelled` */
  readonly lint: (text: ConfigText, looking: Looking) => Promise<LintedConfig>;
  /** How much of the data may be looked at: nothing in Restricted Mode and for documents that are no files. */
  readonly mostOf: (address: Address) => FactLevel;
  /** A config was linted, for the first time or again. */
  readonly linted: (snapshot: Snapshot) => void;
  /** Nobody shows a config any more, and nobody asked about it. */
  readonly gone: (address: Address) => void;
  readonly log: (text: string) => void;
}

/** Milliseconds without an edit after which files are looked at: a path that is being typed is not worth a look. */
const QUIET = 200;

interface Config {
  text: ConfigText;
  /** Of the text, by what is known; worked out when it is asked for. */
  snapshot: Promise<Snapshot> | null;
  level: FactLevel;
  /** How far to look that an edit has put off. */
  wanted: FactLevel;
  /** Ends the work for the version before. */
  work: AbortController;
  /** True while an editor shows it. */
  open: boolean;
  /** How far it is looked at while no editor shows it: `schema` where a list shows it, `data` where it was validated; null: it goes. */
  kept: 'schema' | 'data' | null;
}

/**
 * The configs that a client has open or has asked about. Every edit is linted at once by what is known; files are looked at in the
 * background, which the next edit ends. What is told is always about the text of now.
 */
export class Configs {
  readonly #configs = new Map<string, Config>();
  readonly #options: ConfigsOptions;
  /** Configs to be looked at again, one after the other. */
  readonly #waiting = new Set<Config>();
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ConfigsOptions) {
    this.#options = options;
  }

  /** The text of an editor as it is now. `level`: how far to look in the background. */
  edited(text: ConfigText, level: FactLevel): void {
    const config = this.#enter(text);
    config.open = true;
    this.#start(config, level);
  }

  /** Looks again for a reason other than an edit: a save, trust, files that changed. */
  refresh(address: Address, level: FactLevel): void {
    const config = this.#configs.get(keyOf(address));
    if (!config) return;
    if (config.open || config.kept === 'data') this.#start(config, level);
    else this.#refreshInTurn(config);
  }

  /** A workspace may hold hundreds of configs that no editor shows: their files are opened for one config after the other. */
  #refreshInTurn(config: Config): void {
    if (this.#waiting.has(config)) return;
    this.#waiting.add(config);
    this.#turn = this.#turn.then(async () => {
      this.#waiting.delete(config);
      const { address } = config.text;
      if (config.open || this.#configs.get(keyOf(address)) !== config) return;
      await this.#lookInList(config).catch((error: unknown) => {
        this.#log(error);
      });
    });
  }

  /** All that are open or kept. */
  get addresses(): readonly Address[] {
    return [...this.#configs.values()].map(({ text }) => text.address);
  }

  /** The text of an editor is gone; from here on that of the disk counts. */
  async closed(address: Address): Promise<void> {
    const config = this.#configs.get(keyOf(address));
    if (!config) return;
    config.open = false;
    await this.fileChanged(address);
  }

  /** A file was written or deleted. What an editor shows is not touched by it. */
  async fileChanged(address: Address): Promise<void> {
    const config = this.#configs.get(keyOf(address));
    if (!config || config.open) return;
    config.work.abort();
    const text = config.kept !== null ? await textOfFile(address).catch(() => null) : null;
    // It may have been opened meanwhile.
    if (this.#configs.get(keyOf(address))?.open !== false) return;
    if (text) {
      config.text = text;
      if (config.kept === 'data') this.#start(config, 'schema');
      else {
        // A checkout may change hundreds of listed configs at once. Their data are opened in turn.
        config.work = new AbortController();
        config.snapshot = null;
        this.#refreshInTurn(config);
      }
    } else {
      this.#configs.delete(keyOf(address));
      this.#options.gone(config.text.address);
    }
  }

  /**
   * A config that a list shows, by what is known of it now: as the editor has it, else as the disk. From then on its findings are
   * published, so that the list and they agree. @throws where the file cannot be read
   */
  async listed(address: Address): Promise<Snapshot> {
    const known = this.#configs.get(keyOf(address));
    if (known) {
      known.kept ??= 'schema';
      return this.#snapshot(known);
    }
    const text = await textOfFile(address);
    // An editor may have opened it meanwhile.
    const config = this.#configs.get(keyOf(address)) ?? this.#enter(text);
    config.kept ??= 'schema';
    if (!config.open) await this.#lookInList(config);
    return this.#snapshot(config);
  }

  /** Looks at the columns of the files that a config names, and tells what it finds, unless an edit overtakes it. */
  async #lookInList(config: Config): Promise<void> {
    const {
      text,
      work: { signal },
    } = config;
    const level = this.#allowed('schema', text.address);
    try {
      await this.#options.lint(text, { level, open: level !== 'none', signal });
    } catch (error) {
      // Another look is under way.
      if (signal.aborted) return;
      throw error;
    }
    // What was counted before and still holds is known too.
    const snapshot = await this.#known(text, level);
    if (signal.aborted || config.open || config.text !== text) return;
    config.level = level;
    config.snapshot = Promise.resolve(snapshot);
    this.#options.linted(snapshot);
  }

  /** The text of now: of the editor that shows it, else of the disk. @throws where the file cannot be read */
  text(address: Address): Promise<ConfigText> {
    const config = this.#configs.get(keyOf(address));
    return config?.open === true ? Promise.resolve(config.text) : textOfFile(address);
  }

  /** The text of now of a config that an editor shows; null for others. */
  current(address: Address): Promise<Snapshot> | null {
    const config = this.#configs.get(keyOf(address));
    return config ? this.#snapshot(config) : null;
  }

  /** Looks as far as `level` goes, tells, and gives the result. @throws where the file cannot be read, and `cancelled` */
  async validate(address: Address, level: FactLevel, signal: AbortSignal): Promise<Snapshot> {
    const config = this.#configs.get(keyOf(address)) ?? this.#enter(await textOfFile(address));
    config.kept = 'data';
    const allowed = this.#allowed(level, address);
    for (;;) {
      const { text } = config;
      const snapshot = snapshotOf(
        text,
        await this.#options.lint(text, { level: allowed, open: allowed !== 'none', signal }),
        allowed,
      );
      // Where an edit came in between, the answer is about the text of now.
      if (config.text !== text) continue;
      config.snapshot = Promise.resolve(snapshot);
      config.level = allowed;
      this.#options.linted(snapshot);
      return snapshot;
    }
  }

  dispose(): void {
    for (const { work } of this.#configs.values()) work.abort();
  }

  #enter(text: ConfigText): Config {
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

  /** Lints by what is known, and tells; then looks at files, and tells again. */
  #start(config: Config, level: FactLevel): void {
    config.work.abort();
    const work = (config.work = new AbortController());
    const { signal } = work;
    const { text } = config;
    config.wanted = further(level, config.wanted);
    const allowed = this.#allowed(config.wanted, text.address);
    if (allowed === 'none') config.level = 'none';
    config.snapshot = null;
    // Behind the messages that wait already: of ten edits that came together one is told.
    setImmediate(() => {
      if (signal.aborted) return;
      this.#snapshot(config).then(
        (snapshot) => {
          if (!signal.aborted) this.#options.linted(snapshot);
        },
        (error: unknown) => {
          if (!signal.aborted) this.#log(error);
        },
      );
    });
    if (allowed === 'none') return;
    const timer = setTimeout(() => void this.#look(config, allowed, signal), QUIET);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
    });
  }

  async #look(config: Config, level: FactLevel, signal: AbortSignal): Promise<void> {
    const { text } = config;
    const isStale = (): boolean => signal.aborted;
    try {
      // Columns are known long before rows are counted.
      for (const step of level === 'data' ? (['schema', 'data'] as const) : (['schema'] as const)) {
        const linted = await this.#options.lint(text, { level: step, open: true, signal });
        if (isStale()) return;
        config.level = step;
        // What was counted before and still holds is known at the level of the schema too.
        const snapshot = step === 'data' ? snapshotOf(text, linted, step) : await this.#known(text, step);
        if (isStale()) return;
        config.snapshot = Promise.resolve(snapshot);
        this.#options.linted(snapshot);
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
    const snapshot = this.#known(config.text, config.level);
    config.snapshot = snapshot;
    // A failure is not kept: who asks next tries again.
    snapshot.catch(() => {
      if (config.snapshot === snapshot) config.snapshot = null;
    });
    return snapshot;
  }

  /** By what is known: at the level `data`, so that counts that still hold are used, but opening nothing. */
  async #known(text: ConfigText, level: FactLevel): Promise<Snapshot> {
    return snapshotOf(
      text,
      await this.#options.lint(text, { level: this.#allowed('data', text.address), open: false }),
      level,
    );
  }

  #allowed(level: FactLevel, address: Address): FactLevel {
    const most = this.#options.mostOf(address);
    return further(level, most) === level ? most : level;
  }
}

function further(a: FactLevel, b: FactLevel): FactLevel {
  return factLevels.indexOf(a) < factLevels.indexOf(b) ? b : a;
}
