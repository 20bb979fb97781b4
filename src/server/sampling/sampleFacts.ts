import { createHash } from 'node:crypto';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';

/** What a sample file comes from. */
export interface DrawnSample {
  /** Of the product. */
  readonly version: string;
  /** Of the config, as it was read. */
  readonly text: string;
  readonly plan: StagePlan;
  /** Null: all users that have groups. */
  readonly users: readonly string[] | null;
}

/** What is known of how a file comes about before it is drawn: kept in the file with what the engine knows. Digests are SHA-256 in hex, of UTF-8. */
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
