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

/** What a manifest says, by kind and name. A value is null if the data have none. */
type Manifest = ReadonlyMap<string, ReadonlyMap<string, string | null>>;

const kinds = {
  pools: 'pools',
  pool_users: 'poolUsers',
  training_positives: 'trainingPositives',
  batch_items: 'batchItems',
} as const satisfies Readonly<Record<CountFolder, keyof ExtractData>>;

/** `named`: as the user gave it. */
export interface ExtractPlace {
  readonly folder: string;
  readonly named: string;
}

/** An extract of a Spark job: what a preview of some users needs, on this machine. */
export class Extract {
  private constructor(
    private readonly folder: string,
    /** The folder as given. */
    private readonly named: string,
    private readonly manifest: Manifest,
  ) {}

  /**
   * Reads what an extract has. Each folder is opened, and its rows are counted.
   * @throws FailureError if it is not complete, is damaged, or was written by another version
   */
  static async open(
    { folder, named }: ExtractPlace,
    engine: EngineClient,
    call: Partial<CallContext> = {},
  ): Promise<Extract> {
    const at = path.join(named, manifestFolder);
    const { records } = await engine.call('manifest', { folder, named }, call).catch((error: unknown) => {
      throw failureOf(error).code === 'not-found' ? incompleteExtract(at) : error;
    });
    const manifest = manifestOf(records, at);
    const version = manifest.get('extract')?.get('version');
    if (version === undefined) throw incompleteExtract(at);
    if (version !== extractVersion)
      throw fail('unsupported', message('The extract is of another version of RecSample'), {
        place: { path: named },
        advice: runAgain,
      });
    const extract = new Extract(folder, named, manifest);
    await extract.#checkRows(engine, call);
    return extract;
  }

  /** The stage and the split that it is of. @throws FailureError if it is of another version */
  get origin(): { readonly stage: Stage; readonly split: Split } {
    const same = this.#of('same');
    const stage = stages.find((one) => one === same.get('stage'));
    const split = same.get('split');
    if (stage === undefined || (split !== 'train' && split !== 'eval'))
      throw fail('wrong-format', message('This is not the manifest of an extract'), {
        place: { path: path.join(this.named, manifestFolder) },
        advice: runAgain,
      });
    return { stage, split };
  }

  /** Ids of the users that it has. */
  get users(): readonly string[] {
    return [...this.#of('user').keys()];
  }

  /** @throws FailureError if it lacks one of the users */
  requireUsers(users: readonly string[]): void {
    const own = new Set(this.users);
    const lacking = users.filter((user) => !own.has(user));
    if (lacking.length === 0) return;
    const list = (ids: readonly string[]): string => ids.map(printableId).join(', ');
    throw fail('bad-request', message('The extract does not have these users: {0}', list(lacking)), {
      place: { path: this.named },
      advice: message('It has: {0}.', list(this.users)),
    });
  }

  /**
   * The config with the files of the extract in place of its own.
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
      read: { ...read, config: { ...read.config, ...(data ? { data: this.#placed(read.config) } : {}) } },
    };
  }

  /**
   * The stage with what the extract has of the whole data.
   * @param config as it is written
   * @throws FailureError if the extract is of another config
   */
  complete(stage: DrawableStage, { read: { config } }: OpenConfig): DrawableStage {
    const { plan, data } = stage.request;
    const facts = extractIdentity(config, plan, stage.copied);
    const now = new Map(facts.map(([, name, value]) => [name, value]));
    const gone = [...this.#of('same').keys()].filter((name) => !now.has(name));
    this.#requireSame([...now, ...gone.map((name) => [name, ''] as const)]);
    const table = (folder: CountFolder): ExtractTable | null => {
      const digest = this.#of('digest').get(folder);
      const place = path.join(this.folder, folder);
      return digest === undefined || digest === null
        ? null
        : { ref: { id: `extract ${place}`, path: place, within: this.folder }, digest };
    };
    const tables = countFolders.flatMap((folder) => {
      const own = table(folder);
      return own ? [[kinds[folder], own] as const] : [];
    });
    const extract: ExtractData = {
      ...Object.fromEntries(tables),
      newest: this.#time('newest'),
      knownUntil: this.#time('known_until'),
    };
    return { ...stage, request: { plan, data: { ...data, extract } }, withoutDamaged: () => null };
  }

  #of(kind: string): ReadonlyMap<string, string | null> {
    return this.manifest.get(kind) ?? new Map<string, string | null>();
  }

  #time(name: string): number | null {
    const value = this.#of('time').get(name) ?? null;
    return value === null ? null : Number(value);
  }

  /** @throws FailureError that names the parts of the config that differ */
  #requireSame(parts: readonly (readonly [name: string, value: string])[]): void {
    const same = this.#of('same');
    const differing = parts.filter(([name, value]) => same.get(name) !== value);
    if (differing.length === 0) return;
    const texts = differing.map(([name, value]) =>
      ['stage', 'split', 'seed', 'epoch', 'unit', 'timezone'].includes(name)
        ? `${name} ${same.get(name) ?? ''} → ${value}`
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

  /** The data sets of the extract, without partitions. Others are not needed, and are left out. */
  #placed(config: ConfigDraft): NonNullable<ConfigDraft['data']> {
    const data: Readonly<Record<string, object | undefined>> = config.data ?? {};
    const placed = (name: string, entry: object): object => {
      const { table: _table, partition: _partition, ...kept } = entry as { table?: unknown; partition?: unknown };
      return { ...kept, path: path.join(this.folder, this.#of('dataset').get(name) ?? '') };
    };
    const clicks = clicksOf(config).filter(({ name }) => this.#of('dataset').has(name));
    const [only] = clicks;
    const named = clicks.map(({ name, ...entry }) => [name.replace(/^clicks\./, ''), placed(name, entry)] as const);
    const events = only?.name === 'clicks' ? named[0]?.[1] : Object.fromEntries(named);
    return {
      ...Object.fromEntries(
        Object.entries(data).flatMap(([name, entry]) =>
          entry !== undefined && this.#of('dataset').has(name) && name !== 'clicks'
            ? [[name, placed(name, entry)]]
            : [],
        ),
      ),
      ...(clicks.length === 0 ? {} : { clicks: events }),
    } as NonNullable<ConfigDraft['data']>;
  }

  async #checkRows(engine: EngineClient, call: Partial<CallContext>): Promise<void> {
    for (const [folder, rows] of this.#of('rows')) {
      const ref = { id: `extract rows ${folder}`, path: path.join(this.folder, folder), within: this.folder };
      const named = path.join(this.named, folder);
      const opened = await engine.call('open', { ref }, call).catch((error: unknown) => {
        const { code, message: what } = failureOf(error);
        if (code === 'cancelled') throw error;
        throw fail(code, what, { place: { path: named }, advice: runAgain });
      });
      await engine.call('close', { id: ref.id }, call);
      if (String(opened.rows) !== rows)
        throw fail('changed', message('The rows of the extract are not those that its job wrote'), {
          place: { path: named },
          advice: runAgain,
        });
    }
  }
}

const runAgain = message('Run the job of the extract again.');

/** Folders are those of the extract: a name with a path would lead out of it. */
function isFolderOf(kind: string, name: string, value: string | null): boolean {
  const folder = kind === 'rows' || kind === 'digest' ? name : kind === 'dataset' ? (value ?? '') : null;
  return folder === null || /^[a-z_]+[0-9]*$/.test(folder);
}

function manifestOf(records: readonly unknown[], named: string): Manifest {
  const manifest = new Map<string, Map<string, string | null>>();
  for (const record of records) {
    const { kind, name, value = null } = (record ?? {}) as { kind?: unknown; name?: unknown; value?: unknown };
    const isFact =
      typeof kind === 'string' && typeof name === 'string' && (value === null || typeof value === 'string');
    if (!isFact || !isFolderOf(kind, name, value))
      throw fail('wrong-format', message('This is not the manifest of an extract'), {
        place: { path: named },
        advice: runAgain,
      });
    const own = manifest.get(kind) ?? new Map<string, string | null>();
    manifest.set(kind, own.set(name, value));
  }
  return manifest;
}
