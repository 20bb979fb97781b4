import type { QuestionKind } from '../../core/data/facts.ts';
import { candidateRows } from './candidateRows.ts';
import { candidateStages } from './candidateStages.ts';
import { columnLabels } from './columnLabels.ts';
import { contradictions } from './contradictions.ts';
import { duplicates } from './duplicates.ts';
import { emptyGroups } from './emptyGroups.ts';
import { exposureRates } from './exposureRates.ts';
import { falseNegatives } from './falseNegatives.ts';
import { futureRows } from './futureRows.ts';
import { groups } from './groups.ts';
import { groupPopularity } from './groupPopularity.ts';
import { headShares } from './headShares.ts';
import { labelValues } from './labelValues.ts';
import { logQValues } from './logQValues.ts';
import { neverExposed } from './neverExposed.ts';
import { partitionDays } from './partitionDays.ts';
import { passedValues } from './passedValues.ts';
import type { QuestionAnswerer } from './question.ts';
import { sampleMix } from './sampleMix.ts';
import { sampleOrigin } from './sampleOrigin.ts';
import { sequenceLists } from './sequenceLists.ts';
import { sequenceLog } from './sequenceLog.ts';
import { splitOverlap } from './splitOverlap.ts';
import { splitTimes } from './splitTimes.ts';
import { timeOrder } from './timeOrder.ts';
import { unknownItems } from './unknownItems.ts';
import { unseenRows } from './unseenRows.ts';
import { userShares } from './userShares.ts';

/** Kinds of questions that are answered by counting. The sampler answers the others. */
export type CountedKind = Exclude<
  QuestionKind,
  'shortfalls' | 'refusal' | 'chances' | 'history-lengths' | 'hot-effect' | 'item-distances'
>;

/** Every kind that is answered by counting. Each has its own file. */
export const answering: { readonly [K in CountedKind]: QuestionAnswerer<K> } = {
  groups,
  contradictions,
  duplicates,
  'unknown-items': unknownItems,
  'never-exposed': neverExposed,
  'passed-values': passedValues,
  'sample-mix': sampleMix,
  'false-negatives': falseNegatives,
  'sequence-lists': sequenceLists,
  'sequence-log': sequenceLog,
  'split-times': splitTimes,
  'future-rows': futureRows,
  'split-overlap': splitOverlap,
  'empty-groups': emptyGroups,
  'candidate-rows': candidateRows,
  'unseen-rows': unseenRows,
  'exposure-rates': exposureRates,
  'head-shares': headShares,
  'group-popularity': groupPopularity,
  'column-labels': columnLabels,
  'sample-origin': sampleOrigin,
  'log-q-values': logQValues,
  'time-order': timeOrder,
  'user-shares': userShares,
  'partition-days': partitionDays,
  'label-values': labelValues,
  'candidate-stages': candidateStages,
};
