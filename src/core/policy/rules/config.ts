import type { Rule } from '../rule.ts';
import { distinct } from './config/distinct.ts';
import { duplicateKey } from './config/duplicateKey.ts';
import { emptySource } from './config/emptySource.ts';
import { eventCondition } from './config/eventCondition.ts';
import { excludeFuture } from './config/excludeFuture.ts';
import { featureTime } from './config/featureTime.ts';
import { itemsOfLog } from './config/itemsOfLog.ts';
import { missingInput } from './config/missingInput.ts';
import { missingKey } from './config/missingKey.ts';
import { noSeed } from './config/noSeed.ts';
import { outputFolder } from './config/outputFolder.ts';
import { outputEvents } from './config/outputEvents.ts';
import { outputName } from './config/outputName.ts';
import { outputOrder } from './config/outputOrder.ts';
import { overlap } from './config/overlap.ts';
import { passThrough } from './config/passThrough.ts';
import { path } from './config/path.ts';
import { laterExposures } from './config/laterExposures.ts';
import { popularityFuture } from './config/popularityFuture.ts';
import { range } from './config/range.ts';
import { sequence } from './config/sequence.ts';
import { sequenceDelay } from './config/sequenceDelay.ts';
import { shareSum } from './config/shareSum.ts';
import { syntax } from './config/syntax.ts';
import { table } from './config/table.ts';
import { type } from './config/type.ts';
import { unit } from './config/unit.ts';
import { unknownKey } from './config/unknownKey.ts';
import { unusedSuppression } from './config/unusedSuppression.ts';
import { variable } from './config/variable.ts';
import { version } from './config/version.ts';
import { window } from './config/window.ts';
import { zeroQuota } from './config/zeroQuota.ts';

/** Rules of the group `config`, one line a rule. */
export const configRules: readonly Rule[] = [
  syntax,
  unknownKey,
  type,
  range,
  duplicateKey,
  missingKey,
  version,
  variable,
  shareSum,
  unit,
  zeroQuota,
  noSeed,
  missingInput,
  featureTime,
  itemsOfLog,
  emptySource,
  overlap,
  distinct,
  path,
  table,
  outputOrder,
  outputFolder,
  window,
  excludeFuture,
  popularityFuture,
  laterExposures,
  outputName,
  sequence,
  sequenceDelay,
  outputEvents,
  eventCondition,
  passThrough,
  unusedSuppression,
];
