import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { changedText, type Defect, type DemoTables } from '../../../examples/demo/defects/defect.ts';
import { lockEnding } from '../../core/sampling/placement.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { Stage } from '../../core/schema/stage.ts';
import { plantedFolder } from '../../../examples/demo/defects/defects.ts';
import { createLockedInstance } from '../database/instance.ts';
import { numberIn } from '../database/numberIn.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';

/** Memory limit of DuckDB. */
const memoryBytes = 1_500_000_000;
const healthy = 'healthy';

type Split = StagePlan['split'];

/** Writes the sample file of a config with its lock file. `config` and `file`: absolute. */
export type DrawSample = (config: string, draw: { stage: Stage; split: Split; file: string }) => Promise<void>;

/** The config of a sample file, and the file. Absolute. */
export interface Planted {
  readonly config: string;
  readonly sample: string;
}

/**
 * Writes samples with defects, each with its config, into folders of a demo. Close it after use.
 * @param root absolute path of the demo
 */
export class Planter {
  readonly #healthy = new Map<Stage, Promise<Planted>>();

  private constructor(
    private readonly root: string,
    private readonly draw: DrawSample,
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', this.#interrupt);
  }

  readonly #interrupt = (): void => {
    this.connection.interrupt();
  };

  static async open(root: string, draw: DrawSample, signal: AbortSignal): Promise<Planter> {
    // One thread, because the order of rows must not depend on the machine.
    const { instance, reporting } = await createLockedInstance({
      threads: 1,
      memoryBytes,
      temporaryDirectory: root,
      files: [],
    });
    for (const one of reporting) one.closeSync();
    return new Planter(root, draw, instance, await instance.connect(), signal);
  }

  close(): void {
    this.signal.removeEventListener('abort', this.#interrupt);
    this.connection.closeSync();
    this.instance.closeSync();
  }

  /** The sample that the config of a stage leads to. It has no defect. Drawn once. */
  async healthy(stage: Stage): Promise<Planted> {
    const known = this.#healthy.get(stage) ?? this.#drawHealthy(stage);
    this.#healthy.set(stage, known);
    return await known;
  }

  async #drawHealthy(stage: Stage): Promise<Planted> {
    const file = `${stage}.parquet`;
    const config = await this.#writeConfig(healthy, stage, await this.#configOf(stage, file));
    const sample = path.join(path.dirname(config), file);
    await this.draw(config, { stage, split: 'train', file: sample });
    return { config, sample };
  }

  /**
   * Writes a sample with a defect. Null, and no files, if the demo has no row that can have the defect: a small log may
   * lack a rejection after the cut.
   */
  async plant(defect: Defect, strength: number): Promise<Planted | null> {
    const { name, stage, data, config: change, drawnWith, evalWith, rows, hasNoLock } = defect;
    const folder = path.join(this.root, plantedFolder, name);
    await mkdir(folder, { recursive: true });
    let text = await this.#configOf(stage, 'sample.parquet');
    if (data !== undefined) text = await this.#writeData(data, strength, { folder, text });
    if (change !== undefined) text = change(text, strength);
    const sample = path.join(folder, 'sample.parquet');
    const drawn = async (own: string, split: Split, file: string): Promise<void> => {
      const config = await this.#writeConfig(name, stage, own);
      await this.draw(config, { stage, split, file });
    };
    if (rows === undefined) {
      await drawn(drawnWith?.(text, strength) ?? text, 'train', sample);
      if (hasNoLock) await rm(sample + lockEnding);
      if (evalWith !== undefined) await drawn(evalWith(text, strength), 'eval', path.join(folder, 'eval.parquet'));
    } else {
      const isOwn = data !== undefined || change !== undefined;
      const from = isOwn ? path.join(folder, 'drawn.parquet') : (await this.healthy(stage)).sample;
      if (isOwn) await drawn(text, 'train', from);
      const isPlanted = await this.#copyRows(rows(this.#tables(from), strength), { from, to: sample });
      if (isOwn) for (const file of [from, from + lockEnding]) await rm(file);
      if (!isPlanted) {
        await rm(folder, { recursive: true });
        return null;
      }
    }
    return { config: await this.#writeConfig(name, stage, text), sample };
  }

  /** Number of different values of columns of a sample. */
  async count(sample: string, columns: string): Promise<number> {
    const sql = `SELECT count(*) FROM (SELECT DISTINCT ${columns} FROM read_parquet(${quoteLiteral(sample)}))`;
    return numberIn((await (await this.connection.run(sql)).getRows())[0]);
  }

  /** The config of a stage of the demo, for a folder of its own. */
  async #configOf(stage: Stage, sample: string): Promise<string> {
    const text = await readFile(path.join(this.root, 'configs', `${stage}.ratio.yaml`), 'utf8');
    return changedText(text.replaceAll('../data/', '../../data/'), [`../out/${stage}.parquet`, sample]);
  }

  async #writeConfig(folder: string, stage: Stage, text: string): Promise<string> {
    const file = path.join(this.root, plantedFolder, folder, `${stage}.ratio.yaml`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  /** Writes a changed data set. Returns the config that reads it. */
  async #writeData(
    { name, rows, folders }: NonNullable<Defect['data']>,
    strength: number,
    { folder, text }: { readonly folder: string; readonly text: string },
  ): Promise<string> {
    const target = path.join(folder, folders === undefined ? `${name}.parquet` : name);
    const by = folders === undefined ? '' : `, PARTITION_BY (${quoteIdentifier(folders)}), OVERWRITE`;
    await this.connection.run(
      `COPY (${rows(this.#tables(''), strength)}) TO ${quoteLiteral(target)} (FORMAT parquet${by})`,
    );
    const before = name === 'items' ? '../../data/items.parquet' : `../../data/${name}/dt=*/*.parquet`;
    return changedText(text, [before, folders === undefined ? `${name}.parquet` : `${name}/${folders}=*/*.parquet`]);
  }

  /** Whether the copied rows differ from those of the sample. */
  async #copyRows(select: string, { from, to }: { readonly from: string; readonly to: string }): Promise<boolean> {
    await this.connection.run(`COPY (${select}) TO ${quoteLiteral(to)} (FORMAT parquet)`);
    const content = (file: string): string =>
      `(SELECT concat(count(*), ' ', bit_xor(hash(t))) FROM read_parquet(${quoteLiteral(file)}) t)`;
    const rows = await (await this.connection.run(`SELECT ${content(from)} <> ${content(to)}`)).getRows();
    return rows[0]?.[0] === true;
  }

  #tables(sample: string): DemoTables {
    const at = (name: string): string => `read_parquet(${quoteLiteral(path.join(this.root, 'data', name))})`;
    return {
      sample: `read_parquet(${quoteLiteral(sample)}, file_row_number = true)`,
      impressions: at('impressions/*/*.parquet'),
      candidates: at('candidates/*/*.parquet'),
      items: at('items.parquet'),
      users: at('users.parquet'),
      rejections: at('rejections.parquet'),
    };
  }
}
