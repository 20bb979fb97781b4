import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {};
