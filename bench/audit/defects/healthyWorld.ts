import { readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { Scale } from '../../../examples/demo/scale.ts';
import { preset } from '../../../src/core/policy/presets.ts';
import type { Finding } from '../../../src/core/policy/finding.ts';
import type { RuleId } from '../../../src/core/policy/ruleId.ts';
import { rules } from '../../../src/core/policy/rules.ts';
import { lockEnding } from '../../../src/core/sampling/lock/sampleLock.ts';
import { stages, type Stage } from '../../../src/core/schema/stage.ts';
import { writeDemo } from '../../../src/engine/demo/write.ts';
import { FactsCache } from '../../../src/project/facts/factsCache.ts';
import { lintFile } from '../../../src/project/lint/lintFile.ts';
import { policyTextWithin } from '../../../src/project/lint/policyText.ts';
import { openConfig } from '../../../src/project/stage/configSource.ts';
import { isDrawable } from '../../../src/project/stage/resolveStage.ts';
import { StageJob } from '../../../src/project/stage/stageJob.ts';
import type { EngineClient } from '../../../src/protocol/engine.ts';

/** SQL of the files of a world, as FROM items. */
export interface WorldFiles {
  /** The healthy sample of the stage, with the number of each row in `file_row_number`. */
  readonly sample: string;
  readonly impressions: string;
  readonly candidates: string;
  readonly items: string;
  readonly rejections: string;
}

/** The severity of the finding, or why there is none. */
export type Outcome = Finding['severity'] | 'silent' | 'not-planted';

/** Draws the sample file of a stage with its lock file, as `recsample sample` does. `file`: relative to `root`. */
export async function drawSample(
  engine: EngineClient,
  root: string,
  text: string,
  { stage, file, split = 'train' }: { readonly stage: Stage; readonly file: string; readonly split?: 'train' | 'eval' },
): Promise<void> {
  const name = path.join(root, 'sampled.ratio.yaml');
  const config = openConfig({ path: name, name, text, language: 'yaml', root });
  const job = new StageJob(config, stage, { split }, { engine, trusted: true, cache: new FactsCache() });
  const resolved = await job.resolve({ fresh: true });
  if (!isDrawable(resolved)) throw new Error(`nothing of ${stage} can be drawn`);
  const target = { path: path.join(root, file), format: 'parquet', within: root } as const;
  await engine.call('sample', job.sampleRequest(resolved, target, { version: '1.2.3', users: null }));
}

/** A demo with the samples that its configs lead to. They have no defect. */
export class HealthyWorld {
  #count = 0;

  private constructor(
    private readonly engine: EngineClient,
    private readonly connection: DuckDBConnection,
    private readonly root: string,
  ) {}

  /** Writes the demo of a seed to `root`, and draws the sample of each stage. */
  static async write(
    engine: EngineClient,
    root: string,
    { scale, seed }: { readonly scale: Scale; readonly seed: number },
  ): Promise<HealthyWorld> {
    const context = { signal: new AbortController().signal, progress: () => undefined };
    await writeDemo({ directory: root, scale: 'small', seed: String(seed) }, context, scale);
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const world = new HealthyWorld(engine, await instance.connect(), root);
    for (const stage of stages)
      await drawSample(engine, root, world.config(stage, sampleOf(stage)), { stage, file: sampleOf(stage) });
    return world;
  }

  /** Findings about the sample of a stage, without info. */
  async alarms(stage: Stage): Promise<readonly Finding[]> {
    const findings = await this.#lint(this.config(stage, sampleOf(stage)), null);
    return findings.filter(({ severity }) => severity !== 'info');
  }

  /** Number of groups of a sample. */
  async groups(stage: Stage): Promise<number> {
    const key = stage === 'recall' ? 'user_id, positive_item, ts' : 'request';
    const sql = `SELECT count(*) FROM (SELECT DISTINCT ${key} FROM read_parquet('${path.join(this.root, sampleOf(stage))}'))`;
    const [row] = await this.#rows(sql);
    return Number(row?.[0]);
  }

  /** What a rule says about a changed copy of a sample. */
  async ofRows(rule: RuleId, stage: Stage, select: (files: WorldFiles) => string): Promise<Outcome> {
    const file = this.#newFile();
    const at = (name: string): string => `read_parquet('${path.join(this.root, name)}')`;
    const files: WorldFiles = {
      sample: `read_parquet('${path.join(this.root, sampleOf(stage))}', file_row_number = true)`,
      impressions: at('data/impressions/*/*.parquet'),
      candidates: at('data/candidates/*/*.parquet'),
      items: at('data/items.parquet'),
      rejections: at('data/rejections.parquet'),
    };
    await this.connection.run(`COPY (${select(files)}) TO '${path.join(this.root, file)}' (FORMAT parquet)`);
    // The log of a small world may lack what a fault needs, such as a rejection after the cut.
    const [[before, after] = []] = await this.#rows(
      `SELECT (SELECT concat(count(*), ' ', bit_xor(hash(t))) FROM (SELECT * EXCLUDE (file_row_number) FROM ${files.sample}) t), (SELECT concat(count(*), ' ', bit_xor(hash(t))) FROM ${at(file)} t)`,
    );
    if (before === after) return 'not-planted';
    return await this.#found(rule, stage, file);
  }

  /** The same for a sample that is drawn with another config. `keepsLock`: whether its lock file is there. */
  async ofDraw(
    rule: RuleId,
    stage: Stage,
    change: (text: string) => string,
    { keepsLock }: { readonly keepsLock: boolean },
  ): Promise<Outcome> {
    const file = this.#newFile();
    const text = this.config(stage, file);
    const changed = change(text);
    if (changed === text) throw new Error(`the config of ${stage} is not changed for ${rule}`);
    await drawSample(this.engine, this.root, changed, { stage, file });
    if (!keepsLock) rmSync(path.join(this.root, file) + lockEnding);
    return await this.#found(rule, stage, file);
  }

  /** Removes the files of the world. */
  close(): void {
    this.connection.closeSync();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** The config of a stage for a sample file, relative to the root. */
  private config(stage: Stage, file: string): string {
    return readFileSync(path.join(this.root, 'configs', `${stage}.ratio.yaml`), 'utf8')
      .replaceAll('../data', 'data')
      .replace(`../out/${stage}.parquet`, file);
  }

  async #rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    return await (await this.connection.run(sql)).getRows();
  }

  #newFile(): string {
    return `out/changed-${this.#count++}.parquet`;
  }

  async #found(rule: RuleId, stage: Stage, file: string): Promise<Outcome> {
    if (statSync(path.join(this.root, file)).size === 0) throw new Error(`${file} is empty`);
    const found = await this.#lint(this.config(stage, file), rule);
    rmSync(path.join(this.root, file));
    return found.find((one) => one.rule === rule)?.severity ?? 'silent';
  }

  /** @param rule the only rule that runs; null: all */
  async #lint(text: string, rule: RuleId | null): Promise<readonly Finding[]> {
    const policy = preset(
      'recommended',
      rules.filter(({ id }) => rule === null || id === rule),
    );
    const { findings, rules: statuses } = await lintFile(
      { path: path.join(this.root, 'case.ratio.yaml'), text, language: 'yaml' },
      {
        level: 'data',
        root: this.root,
        trusted: true,
        engine: this.engine,
        cache: new FactsCache(),
        readText: policyTextWithin(this.root),
        policy: { policy, problems: [], files: [], requested: [] },
      },
    );
    const notRun = statuses.find((one) => one.rule === rule && one.status === 'not-run');
    if (notRun) throw new Error(`${notRun.rule} did not run: ${notRun.because?.text ?? ''}`);
    return findings;
  }
}

const sampleOf = (stage: Stage): string => `out/healthy-${stage}.parquet`;
