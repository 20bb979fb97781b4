import type { Rule } from '../rule.ts';
import { calibration } from './data/calibration.ts';
import { candidateStage } from './data/candidateStage.ts';
import { contradiction } from './data/contradiction.ts';
import { declaredQ } from './data/declaredQ.ts';
import { digest } from './data/digest.ts';
import { downsampleEffect } from './data/downsampleEffect.ts';
import { duplicate } from './data/duplicate.ts';
import { emptyGroups } from './data/emptyGroups.ts';
import { exponent } from './data/exponent.ts';
import { falseNegative } from './data/falseNegative.ts';
import { future } from './data/future.ts';
import { hotRatio } from './data/hotRatio.ts';
import { impossibleDraw } from './data/impossibleDraw.ts';
import { labelLeak } from './data/labelLeak.ts';
import { logQ } from './data/logQ.ts';
import { logQValues } from './data/logQValues.ts';
import { missingChoices } from './data/missingChoices.ts';
import { mix } from './data/mix.ts';
import { neverExposed } from './data/neverExposed.ts';
import { partitionDay } from './data/partitionDay.ts';
import { notRecalled } from './data/notRecalled.ts';
import { passThrough } from './data/passThrough.ts';
import { popularityGroup } from './data/popularityGroup.ts';
import { rankWindow } from './data/rankWindow.ts';
import { dataRefused } from './data/refused.ts';
import { selectionBias } from './data/selectionBias.ts';
import { sequenceDuplicate } from './data/sequenceDuplicate.ts';
import { sequenceFuture } from './data/sequenceFuture.ts';
import { sequenceLength } from './data/sequenceLength.ts';
import { sequenceLog } from './data/sequenceLog.ts';
import { sequenceOrder } from './data/sequenceOrder.ts';
import { sequenceRequest } from './data/sequenceRequest.ts';
import { sequenceShift } from './data/sequenceShift.ts';
import { sequenceSide } from './data/sequenceSide.ts';
import { sequenceTarget } from './data/sequenceTarget.ts';
import { shortfall } from './data/shortfall.ts';
import { splitOverlap } from './data/splitOverlap.ts';
import { teacher } from './data/teacher.ts';
import { timeLeak } from './data/timeLeak.ts';
import { timeOrder } from './data/timeOrder.ts';
import { unknownItem } from './data/unknownItem.ts';
import { unseen } from './data/unseen.ts';
import { userSkew } from './data/userSkew.ts';

/** Rules of the group `data`, one line a rule. */
export const dataRules: readonly Rule[] = [
  contradiction,
  duplicate,
  falseNegative,
  mix,
  logQ,
  logQValues,
  declaredQ,
  exponent,
  hotRatio,
  selectionBias,
  popularityGroup,
  downsampleEffect,
  timeLeak,
  timeOrder,
  future,
  impossibleDraw,
  missingChoices,
  splitOverlap,
  emptyGroups,
  notRecalled,
  rankWindow,
  candidateStage,
  unseen,
  labelLeak,
  teacher,
  digest,
  passThrough,
  unknownItem,
  neverExposed,
  calibration,
  userSkew,
  shortfall,
  partitionDay,
  sequenceFuture,
  sequenceTarget,
  sequenceRequest,
  sequenceOrder,
  sequenceSide,
  sequenceLength,
  sequenceDuplicate,
  sequenceShift,
  sequenceLog,
  dataRefused,
];
