import { byDay, counted } from '../../../src/core/policy/rules/data/partitionDay.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  invalid: [{ text: byDay, reportedAt: '{column: dt, day_of: time}', answers: counted(1) }],
};
