import type { ConfigDraft } from '../../core/config/definition/config.ts';
import { folderOf } from '../../core/data/absolutePath.ts';
import { datasetsOf } from '../../core/data/dataColumns.ts';
import type { Answers, Facts } from '../../core/data/facts.ts';
import { fail, FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Preview } from '../../core/sampling/answers.ts';
import { compare, type ComparedDrawing, type Comparison } from '../../core/sampling/compare.ts';
import type { Placement } from '../../core/sampling/placement.ts';
import { planStage, type Planned, type PlanOverrides } from '../../core/sampling/plan/planStage.ts';
import { placementOf } from '../../core/sampling/plan/placementOf.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { CountFact } from '../../core/spark/lock/countFacts.ts';
import type { SparkJob } from '../../core/spark/sparkJob.ts';
import type { Stage } from '../../core/schema/stage.ts';
import type { CallContext, EngineClient, Params, Result } from '../../protocol/engine.ts';
import type {
  CopiedColumns,
  SampleOrigin,
  SampleOutput,
  SampleRequest,
  SamplingRequest,
} from '../../protocol/sampling.ts';
import type { FactsCache } from '../facts/factsCache.ts';
import { gatherFacts } from '../questions/gatherFacts.ts';
import { usedVariables, type OpenConfig } from './configSource.ts';
import { resolveStage, type DrawableStage, type ResolvedStage, type ResolveNeeds } from '../plan/resolveStage.ts';
import { copiedColumns, sampleOutput } from '../plan/sampleOutput.ts';
import { sparkFacts } from './sparkFacts.ts';
import { createHash } from 'node:crypto';
import path from 'node:path';

/** How a job reads data. */
export interface DataAccess {
  readonly engine: EngineClient;
  readonly cache: FactsCache;
  /** If false, no data file is opened. */
  readonly trusted: boolean;
}

/** Where a config is. Paths are absolute. */
export interface ConfigPlace {
  readonly path: string;
  readonly folder: string;
  /** The folder that must contain the data. */
  readonly root: string | null;
}

export interface ResolveOptions extends Partial<CallContext>, ResolveNeeds {
  /** True: probe files even if facts about them are cached. If false, a slider does not wait for the disk. */
  readonly fresh: boolean;
  /** Tables of Spark: known by their declared columns, for `sparkJob`. Default: they cannot be read. */
  readonly tables?: 'declared';
}

/** What a sample file says about how it was drawn, in addition to its config. */
export interface SampleMaker {
  /** The version of RecSample. */
  readonly version: string;
  /** Null: all users that have groups. */
  readonly users: readonly string[] | null;
}

/** Requests of the engine that draw a stage for some users, and what they need in addition to the stage. */
export type DrawMethod = 'preview' | 'sampleUsers' | 'sampleItems' | 'userStory' | 'explainPair';
export type DrawParams<M extends DrawMethod> = Omit<Params<M>, keyof SamplingRequest>;

/** An answer of the engine, and the stage that it is about. */
export interface StageAnswer<T> {
  readonly stage: DrawableStage;
  readonly answer: T;
}

/**
 * One stage of a config, from the text to the engine's answer:
 *
 * 1. `openConfig` reads the text of the config.
 * 2. `plan` plans the draws, from the config alone.
 * 3. `resolve` looks up the data and leaves out what they do not support. The result holds the request for the engine.
 * 4. `ask` sends the request for some users, or `sampleRequest` completes it to a request for the whole sample file.
 */
export class StageJob {
  constructor(
    readonly config: OpenConfig,
    readonly stage: Stage,
    /** Values that replace those of the config: seed, epoch, split. */
    private readonly overrides: PlanOverrides,
    private readonly access: DataAccess,
  ) {}

  /** @throws FailureError `unsupported` if the config is not a file on this machine */
  get place(): ConfigPlace {
    const { path, name, root } = this.config.source;
    if (path === null)
      throw fail('unsupported', message('This config is not a file on this machine, so its data cannot be found'), {
        place: { path: name },
        advice: message('Save it to a folder next to its data.'),
      });
    return { path, folder: folderOf(path), root };
  }

  /** The plan of the config alone. No file is opened. */
  plan(): Planned {
    return planStage(this.config.read.config, this.stage, this.overrides);
  }

  /** Looks up the data of the stage, and probes its files if needed. @throws FailureError `unsupported`, `cancelled` */
  async resolve({ fresh, tables, forAudit = false, ...call }: ResolveOptions): Promise<ResolvedStage> {
    const { config } = this.config.read;
    const { folder, root } = this.place;
    const { engine, cache, trusted } = this.access;
    const place = { folder, root };
    const inputs = withoutSamples(config);
    const gather = (from: EngineClient | null): Promise<Facts> =>
      gatherFacts(inputs, {
        ...call,
        level: 'schema',
        place,
        trusted,
        cache,
        engine: from,
        ...(tables ? { tables } : {}),
      });
    const cached = fresh ? null : await gather(null);
    const facts = cached && isSettled(inputs, cached) ? cached : await gather(engine);
    return resolveStage({ config }, this.stage, this.overrides, facts, place, { forAudit });
  }

  /**
   * Asks the engine about the stage. Some damage appears only when rows are read. If the stage can do without that data
   * set, it is left out, the problems of the returned stage say so, and the engine is asked again.
   * @throws FailureError the engine's failure, if the damaged data set cannot be left out
   */
  async ask<M extends DrawMethod>(
    stage: DrawableStage,
    method: M,
    params: DrawParams<M>,
    call: Partial<CallContext>,
  ): Promise<StageAnswer<Result<M>>> {
    try {
      const request = { ...stage.request, ...params } as Params<M>;
      return { stage, answer: await this.access.engine.call(method, request, call) };
    } catch (error) {
      const less = error instanceof FailureError ? stage.withoutDamaged(error.failure) : null;
      if (!less) throw error;
      return await this.ask(less, method, params, call);
    }
  }

  /** Parameter of `ask` for the batches that a trainer cuts from the sample file. */
  placement(): { readonly placement: Placement } {
    return { placement: placementOf(this.config.read.config) };
  }

  /** Parameter of `ask` for the copied columns and sequences of the sample file. Empty if it has none. */
  copies(): { readonly copies?: CopiedColumns } {
    const copies = copiedColumns(this.config.read.config, this.stage);
    return copies.passThrough.length === 0 && !copies.sequences ? {} : { copies };
  }

  /**
   * The request that writes the sample file of the stage. @throws FailureError `unsupported` if the layout of the config
   * does not fit the format or the unit
   */
  sampleRequest(
    { request }: DrawableStage,
    target: Pick<SampleOutput, 'path' | 'format' | 'within'>,
    maker: SampleMaker,
  ): SampleRequest {
    const { read } = this.config;
    const facts = this.sampleFacts(request.plan, maker);
    const origin = this.#origin(maker);
    return {
      ...request,
      users: maker.users,
      output: sampleOutput(read.config, request.plan, { ...target, facts, origin }),
    };
  }

  /** The stage as a job for Spark. Opens the files for their types, but reads no rows. */
  async sparkJob({ request }: DrawableStage, call: Partial<CallContext>): Promise<SparkJob> {
    const { config } = this.config.read;
    const file = { path: this.place.path, format: 'parquet', facts: {}, within: null } as const;
    const { layout, names, passThrough, sequences = [] } = sampleOutput(config, request.plan, file);
    return {
      plan: request.plan,
      inputs: await this.access.engine.call(
        'sparkInputs',
        { ...request, copies: { names, passThrough, sequences } },
        call,
      ),
      names,
      layout,
      placement: placementOf(config),
      users: null,
    };
  }

  /** Where absolute paths lead, without links, whether or not they exist. */
  async realPaths(paths: readonly string[], call: Partial<CallContext>): Promise<readonly string[]> {
    return await this.access.engine.call('realPaths', { paths }, call);
  }

  /** Positives and groups of the stage in the training window, counted in the log as the rules count them. */
  async groupCounts(call: Partial<CallContext>): Promise<Answers['groups']> {
    const { folder, root } = this.place;
    const { engine, cache, trusted } = this.access;
    const question = { kind: 'groups', stage: this.stage } as const;
    const facts = await gatherFacts(
      withoutSamples(this.config.read.config),
      { ...call, level: 'data', place: { folder, root }, trusted, cache, engine },
      () => [question],
    );
    const answer = facts.answer(question);
    if (!answer) throw fail('unsupported', message('The groups of {0} cannot be counted', this.stage));
    if ('failure' in answer) throw new FailureError(answer.failure);
    return answer.value;
  }

  /** What the lock file of a Spark job says, and is known before the job runs. */
  sparkFacts({ request }: DrawableStage, job: SparkJob, maker: SampleMaker): CountFact[] {
    return sparkFacts(job, request.data, this.#origin(maker), this.sampleFacts(job.plan, maker)['plan_sha256'] ?? '');
  }

  #origin({ version }: SampleMaker): SampleOrigin {
    const { path: file, folder, root } = this.place;
    const { text } = this.config.source;
    return sampleOrigin({ version, text, file, root: root ?? folder, variables: usedVariables(this.config) });
  }

  /** What a sample file says about how it was drawn. */
  sampleFacts(plan: StagePlan, maker: SampleMaker): Readonly<Record<string, string>> {
    return sampleFacts({ ...maker, text: this.config.source.text, plan });
  }
}

/** Compares what two stages draw. Both must have been asked for the same users, without a limit of groups. */
export function comparePreviews(a: StageAnswer<Preview>, b: StageAnswer<Preview>): Comparison {
  const drawing = ({ stage, answer }: StageAnswer<Preview>): ComparedDrawing => ({
    ...stage.request,
    users: answer.users,
    copied: stage.copied,
    measured: answer,
  });
  return compare(drawing(a), drawing(b));
}

/** Sample files are outputs, not inputs. */
function withoutSamples({ data, ...config }: ConfigDraft): ConfigDraft {
  if (!data) return config;
  const { samples: _finished, ...inputs } = data;
  return { ...config, data: inputs };
}

/** False if a new probe may find more: files that were not probed yet, were missing, or could not be read. */
function isSettled(config: ConfigDraft, facts: Facts): boolean {
  return datasetsOf(config).every((name) => ['known', 'closed', 'refused'].includes(facts.dataset(name)?.state ?? ''));
}

/** How a sample file is drawn. */
interface DrawnSample {
  /** The version of RecSample. */
  readonly version: string;
  /** The text of the config, as it was read. */
  readonly text: string;
  readonly plan: StagePlan;
  /** Null: all users that have groups. */
  readonly users: readonly string[] | null;
}

/**
 * What is known about a sample file before it is drawn. It is stored in the file together with what the engine knows.
 * Digests are SHA-256 in hex, of the UTF-8 text.
 */
function sampleFacts({ version, text, plan, users }: DrawnSample): Readonly<Record<string, string>> {
  return {
    generator: `recsample ${version}`,
    stage: plan.stage,
    seed: plan.seed,
    epoch: String(plan.epoch),
    split: plan.split,
    config_sha256: sha256(text),
    plan_sha256: sha256(JSON.stringify(plan)),
    users: users === null ? 'all' : JSON.stringify(users),
  };
}

/** The config that samples are drawn from. */
interface DrawnConfig {
  /** The version of RecSample. */
  readonly version: string;
  /** The text of the config, as it was read. */
  readonly text: string;
  /** Absolute paths of the config and of its project folder. */
  readonly file: string;
  readonly root: string;
  /** Values of `--set` that the config uses. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The config section of a sample file's lock file. */
function sampleOrigin({ version, text, file, root, variables }: DrawnConfig): SampleOrigin {
  return {
    generator: `recsample ${version}`,
    config: { path: path.relative(root, file).replaceAll(path.sep, '/'), sha256: sha256(text), variables },
    folder: path.dirname(file),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
