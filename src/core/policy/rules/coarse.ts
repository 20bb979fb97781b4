import type { Rule } from '../rule.ts';
import { cascadeMix } from './coarse/cascadeMix.ts';
import { distillSource } from './coarse/distillSource.ts';
import { distillUnexposed } from './coarse/distillUnexposed.ts';
import { exposedOnly } from './coarse/exposedOnly.ts';
import { globalRandom } from './coarse/globalRandom.ts';
import { noApproach } from './coarse/noApproach.ts';

/** Rules of the group `coarse`, one line a rule. */
export const coarseRules: readonly Rule[] = [
  noApproach,
  exposedOnly,
  cascadeMix,
  globalRandom,
  distillSource,
  distillUnexposed,
];
