import { createHash } from 'node:crypto';
import path from 'node:path';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { SampleOrigin } from '../../protocol/sampling.ts';

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
export function sampleFacts({ version, text, plan, users }: DrawnSample): Readonly<Record<string, string>> {
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
export function sampleOrigin({ version, text, file, root, variables }: DrawnConfig): SampleOrigin {
  return {
    generator: `recsample ${version}`,
    config: { path: path.relative(root, file).replaceAll(path.sep, '/'), sha256: sha256(text), variables },
    folder: path.dirname(file),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
