import type { Rule } from './rule.ts';
import { coarseRules } from './rules/coarse.ts';
import { configRules } from './rules/config.ts';
import { dataRules } from './rules/data.ts';
import { fineRules } from './rules/fine.ts';
import { recallRules } from './rules/recall.ts';
import { schemaRules } from './rules/schema.ts';

/** Every rule, in the order of the reference. */
export const rules: readonly Rule[] = [
  ...configRules,
  ...recallRules,
  ...coarseRules,
  ...fineRules,
  ...schemaRules,
  ...dataRules,
];
