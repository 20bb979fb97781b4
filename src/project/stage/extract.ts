import path from 'node:path';
import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { clicksOf } from '../../core/data/dataColumns.ts';
import { fail, failureOf } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { printableId } from '../../core/message/printable.ts';
import {
  countFolders,
  extractVersion,
  incompleteExtract,
  manifestFolder,
  type CountFolder,
} from '../../core/spark/extract/extractFormat.ts';
import { stages, type Stage } from '../../core/schema/stage.ts';
import type { CallContext, EngineClient } from '../../protocol/engine.ts';
import type { Split } from '../../protocol/preview.ts';
import type { ExtractData, ExtractTable } from '../../protocol/sampling.ts';
import type { OpenConfig } from './configSource.ts';
import { extractIdentity } from './extractIdentity.ts';
import type { DrawableStage } from '../plan/resolveStage.ts';

/** Values of a manifest by kind and name. A value is null if the data do not have it. */
type Manifest = ReadonlyMap<string, ReadonlyMap<string, string | null>>;

/** Fields of `ExtractData` by the folder that holds their table. */
const tableFields = {
  pools: 'pools',
  pool_users: 'poolUsers',
  training_positives: 'trainingPositives',
  batch_items: 'batchItems',
} as const satisfies Readonly<Record<CountFolder, keyof ExtractData>>;

/** `folder`: absolute. `named`: the folder as the user typed it, for messages. */
export interface ExtractPlace {
  readonly folder: string;
  readonly named: string;
}

/** An extract of a Spark job on this machine: the data that a preview of some users needs. */
export class Extract {
  private constructor(
    private readonly folder: string,
    /** The folder as the user typed it, for messages. */
    private readonly named: string,
    private readonly manifest: Manifest,
  ) {}

  /**
   * Reads the manifest of an extract, and compares it with the number of rows in each folder.
   * @throws FailureError if it is not complete, is damaged, or was written by another version
   */
  static async open(
    { folder, named }: ExtractPlace,
    engine: EngineClient,
    call: Partial<CallContext> = {},
  ): Promise<Extract> {
    const manifestPath = path.join(named, manifestFolder);
    const { records } = await engine.call('manifest', { folder, named }, call).catch((error: unknown) => {
      throw failureOf(error).code === 'not-found' ? incompleteExtract(manifestPath) : error;
    });
    const manifest = manifestOf(records, manifestPath);
    const version = manifest.get('extract')?.get('version');
    if (version === undefined) throw incompleteExtract(manifestPath);
    if (version !== extractVersion)
      throw fail('unsupported', message('The extract is of another version of RecSample'), {
        place: { path: named },
        advice: runAgain,
      });
    const extract = new Extract(folder, named, manifest);
    await extract.#checkRows(engine, call);
    return extract;
  }

  /** The stage and the split that the extract was written for. @throws FailureError if the manifest lacks them */
  get origin(): { readonly stage: Stage; readonly split: Split } {
    const identity = this.#values('same');
    const stage = stages.find((candidate) => candidate === identity.get('stage'));
    const split = identity.get('split');
    if (stage === undefined || (split !== 'train' && split !== 'eval'))
      throw fail('wrong-format', message('This is not the manifest of an extract'), {
        place: { path: path.join(this.named, manifestFolder) },
        advice: runAgain,
      });
    return { stage, split };
  }

  /** Ids of the users in the extract. */
  get users(): readonly string[] {
    return [...this.#values('user').keys()];
  }

  /** @throws FailureError if a user is not in the extract */
  requireUsers(users: readonly string[]): void {
    const available = new Set(this.users);
    const missing = users.filter((user) => !available.has(user));
    if (missing.length === 0) return;
    const list = (ids: readonly string[]): string => ids.map(printableId).join(', ');
    throw fail('bad-request', message('The extract does not have these users: {0}', list(missing)), {
      place: { path: this.named },
      advice: message('It has: {0}.', list(this.users)),
    });
  }

  /**
   * Replaces the data files of a config by the files of the extract.
   * @throws FailureError if the extract is of another stage or split
   */
  configOf({ source, read }: OpenConfig, stage: Stage, split: Split | undefined): OpenConfig {
    this.#requireSame([
      ['stage', stage],
      ['split', split ?? 'train'],
    ]);
    const { data } = read.config;
    return {
      source: { ...source, root: this.folder },
      read: { ...read, config: { ...read.config, ...(data ? { data: this.#relocatedData(read.config) } : {}) } },
    };
  }

  /**
   * Adds to a stage the facts that need all data, such as pools: the extract stores them.
   * @param config as written, without the files of the extract
   * @throws FailureError if the extract is of another config
   */
  complete(stage: DrawableStage, { read: { config } }: OpenConfig): DrawableStage {
    const { plan, data } = stage.request;
    const facts = extractIdentity(config, plan, stage.copied);
    const current = new Map(facts.map(([, name, value]) => [name, value]));
    const removed = [...this.#values('same').keys()].filter((name) => !current.has(name));
    this.#requireSame([...current, ...removed.map((name) => [name, ''] as const)]);
    const table = (folder: CountFolder): ExtractTable | null => {
      const digest = this.#values('digest').get(folder);
      const tablePath = path.join(this.folder, folder);
      return digest === undefined || digest === null
        ? null
        : { ref: { id: `extract ${tablePath}`, path: tablePath, within: this.folder }, digest };
    };
    const tables = countFolders.flatMap((folder) => {
      const extractTable = table(folder);
      return extractTable ? [[tableFields[folder], extractTable] as const] : [];
    });
    const extract: ExtractData = {
      ...Object.fromEntries(tables),
      newest: this.#time('newest'),
      knownUntil: this.#time('known_until'),
    };
    return { ...stage, request: { plan, data: { ...data, extract } }, withoutDamaged: () => null };
  }

  #values(kind: string): ReadonlyMap<string, string | null> {
    return this.manifest.get(kind) ?? new Map<string, string | null>();
  }

  #time(name: string): number | null {
    const value = this.#values('time').get(name) ?? null;
    return value === null ? null : Number(value);
  }

  /** Compares parts of the config with the manifest. @throws FailureError that lists the differing parts */
  #requireSame(parts: readonly (readonly [name: string, value: string])[]): void {
    const identity = this.#values('same');
    const differing = parts.filter(([name, value]) => identity.get(name) !== value);
    if (differing.length === 0) return;
    const texts = differing.map(([name, value]) =>
      ['stage', 'split', 'seed', 'epoch', 'unit', 'timezone'].includes(name)
        ? `${name} ${identity.get(name) ?? ''} → ${value}`
        : name,
    );
    throw fail('bad-request', message('The extract is of another config. These parts differ: {0}', texts.join(', ')), {
      place: { path: this.named },
      advice: message(
        'Preview it with the config, stage and split that it was written for, or write its job again with {0}.',
        'recsample spark --extract',
      ),
    });
  }

  /** `data` of the config with the paths of the extract, without partitions. Data sets that it lacks are left out. */
  #relocatedData(config: ConfigDraft): NonNullable<ConfigDraft['data']> {
    const data: Readonly<Record<string, object | undefined>> = config.data ?? {};
    const move = (name: string, entry: object): object => {
      const { table: _table, partition: _partition, ...options } = entry as { table?: unknown; partition?: unknown };
      return { ...options, path: path.join(this.folder, this.#values('dataset').get(name) ?? '') };
    };
    const clicks = clicksOf(config).filter(({ name }) => this.#values('dataset').has(name));
    const [firstClicks] = clicks;
    const entries = clicks.map(({ name, ...entry }) => [name.replace(/^clicks\./, ''), move(name, entry)] as const);
    const events = firstClicks?.name === 'clicks' ? entries[0]?.[1] : Object.fromEntries(entries);
    return {
      ...Object.fromEntries(
        Object.entries(data).flatMap(([name, entry]) =>
          entry !== undefined && this.#values('dataset').has(name) && name !== 'clicks'
            ? [[name, move(name, entry)]]
            : [],
        ),
      ),
      ...(clicks.length === 0 ? {} : { clicks: events }),
    } as NonNullable<ConfigDraft['data']>;
  }

  async #checkRows(engine: EngineClient, call: Partial<CallContext>): Promise<void> {
    for (const [folder, rows] of this.#values('rows')) {
      const ref = { id: `extract rows ${folder}`, path: path.join(this.folder, folder), within: this.folder };
      const folderName = path.join(this.named, folder);
      const opened = await engine.call('open', { ref }, call).catch((error: unknown) => {
        const { code, message: text } = failureOf(error);
        if (code === 'cancelled') throw error;
        throw fail(code, text, { place: { path: folderName }, advice: runAgain });
      });
      await engine.call('close', { id: ref.id }, call);
      if (String(opened.rows) !== rows)
        throw fail('changed', message('The rows of the extract are not those that its job wrote'), {
          place: { path: folderName },
          advice: runAgain,
        });
    }
  }
}

const runAgain = message('Run the job of the extract again.');

/** False for a folder name that could lead out of the extract, such as a path. */
function isSafeFolder(kind: string, name: string, value: string | null): boolean {
  const folder = kind === 'rows' || kind === 'digest' ? name : kind === 'dataset' ? (value ?? '') : null;
  return folder === null || /^[a-z_]+[0-9]*$/.test(folder);
}

function manifestOf(records: readonly unknown[], manifestPath: string): Manifest {
  const manifest = new Map<string, Map<string, string | null>>();
  for (const record of records) {
    const { kind, name, value = null } = (record ?? {}) as { kind?: unknown; name?: unknown; value?: unknown };
    const isFact =
      typeof kind === 'string' && typeof name === 'string' && (value === null || typeof value === 'string');
    if (!isFact || !isSafeFolder(kind, name, value))
      throw fail('wrong-format', message('This is not the manifest of an extract'), {
        place: { path: manifestPath },
        advice: runAgain,
      });
    const values = manifest.get(kind) ?? new Map<string, string | null>();
    manifest.set(kind, values.set(name, value));
  }
  return manifest;
}
