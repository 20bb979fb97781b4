import type { Phase } from './phase.ts';
import { byPhase } from './phases/by.ts';
import { cascadePhase } from './phases/cascade.ts';
import { difficultyPhase } from './phases/difficulty.ts';
import { driftPhase } from './phases/drift.ts';
import { dayHoursPhase } from './phases/dayHours.ts';
import { duplicatesPhase } from './phases/duplicates.ts';
import { effectiveSharePhase } from './phases/effectiveShare.ts';
import { exponentPhase } from './phases/exponent.ts';
import { exposedRequestsPhase } from './phases/exposedRequests.ts';
import { falseNegativesPhase } from './phases/falseNegatives.ts';
import { impliedPhase } from './phases/implied.ts';
import { groupSizesPhase } from './phases/groupSizes.ts';
import { itemsPhase } from './phases/items.ts';
import { labelsPhase } from './phases/labels.ts';
import { mixPhase } from './phases/mix.ts';
import { nullsPhase } from './phases/nulls.ts';
import { popularityByEntryPhase } from './phases/popularityByEntry.ts';
import { rowsPhase } from './phases/rows.ts';
import { sequencesPhase } from './phases/sequences.ts';
import { teacherPhase } from './phases/teacher.ts';
import { timePhase } from './phases/time.ts';
import { usersPhase } from './phases/users.ts';
import { weightsPhase } from './phases/weights.ts';

/**
 * Every phase, each in its own file: what the user needs first comes first. Those of a group run at the same time,
 * those of the next one after them: first the metrics of one pass, then those that compare rows with each other or
 * join them with the inputs.
 */
export const phaseGroups: readonly (readonly Phase[])[] = [
  [rowsPhase],
  [
    mixPhase,
    effectiveSharePhase,
    groupSizesPhase,
    dayHoursPhase,
    difficultyPhase,
    labelsPhase,
    nullsPhase,
    timePhase,
    usersPhase,
    weightsPhase,
    cascadePhase,
    teacherPhase,
    sequencesPhase,
  ],
  [
    impliedPhase,
    itemsPhase,
    duplicatesPhase,
    exponentPhase,
    falseNegativesPhase,
    exposedRequestsPhase,
    popularityByEntryPhase,
    driftPhase,
    byPhase,
  ],
];
