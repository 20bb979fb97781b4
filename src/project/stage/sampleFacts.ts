import { createHash } from 'node:crypto';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';

/** The origin of a sample file. */
export interface DrawnSample {
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

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
