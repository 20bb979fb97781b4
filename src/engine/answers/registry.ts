import type { QuestionKind } from '../../core/data/facts.ts';
import { contradictions } from './contradictions.ts';
import { duplicates } from './duplicates.ts';
import { falseNegatives } from './falseNegatives.ts';
import { groups } from './groups.ts';
import { neverExposed } from './neverExposed.ts';
import { partitionDays } from './partitionDays.ts';
import { passedValues } from './passedValues.ts';
import type { Answering } from './question.ts';
import { sampleMix } from './sampleMix.ts';
import { unknownItems } from './unknownItems.ts';
import { userShares } from './userShares.ts';

/** Kinds of questions that are answered by counting. The sampler answers the others. */
export type CountedKind = Exclude<QuestionKind, 'shortfalls'>;

/** Every kind that is answered by counting. Each has its own file. */
export const answering: { readonly [K in CountedKind]: Answering<K> } = {
  groups,
  contradictions,
  duplicates,
  'unknown-items': unknownItems,
  'never-exposed': neverExposed,
  'passed-values': passedValues,
  'sample-mix': sampleMix,
  'false-negatives': falseNegatives,
  'user-shares': userShares,
  'partition-days': partitionDays,
};
