import type { Rule } from '../rule.ts';
import { contradiction } from './data/contradiction.ts';
import { duplicate } from './data/duplicate.ts';
import { falseNegative } from './data/falseNegative.ts';
import { mix } from './data/mix.ts';
import { neverExposed } from './data/neverExposed.ts';
import { partitionDay } from './data/partitionDay.ts';
import { passThrough } from './data/passThrough.ts';
import { shortfall } from './data/shortfall.ts';
import { unknownItem } from './data/unknownItem.ts';
import { userSkew } from './data/userSkew.ts';

/** Rules of the group `data`, one line a rule. */
export const dataRules: readonly Rule[] = [
  contradiction,
  duplicate,
  falseNegative,
  mix,
  passThrough,
  unknownItem,
  neverExposed,
  userSkew,
  shortfall,
  partitionDay,
];
