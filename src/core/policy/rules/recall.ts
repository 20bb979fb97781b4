import type { Rule } from '../rule.ts';
import { coldItems } from './recall/coldItems.ts';
import { coldPositives } from './recall/coldPositives.ts';
import { exponent } from './recall/exponent.ts';
import { exposedMissing } from './recall/exposedMissing.ts';
import { exposedOnly } from './recall/exposedOnly.ts';
import { exposedShare } from './recall/exposedShare.ts';
import { fewNegatives } from './recall/fewNegatives.ts';
import { groupPopularity } from './recall/groupPopularity.ts';
import { hardOnly } from './recall/hardOnly.ts';
import { hardShare } from './recall/hardShare.ts';
import { hardWindow } from './recall/hardWindow.ts';
import { hotPositives } from './recall/hotPositives.ts';
import { inBatchDominates } from './recall/inBatchDominates.ts';
import { inBatchOrder } from './recall/inBatchOrder.ts';
import { inBatchWeight } from './recall/inBatchWeight.ts';
import { logq } from './recall/logq.ts';
import { logqLists } from './recall/logqLists.ts';
import { logqLoss } from './recall/logqLoss.ts';
import { noGlobal } from './recall/noGlobal.ts';
import { randomOnly } from './recall/randomOnly.ts';

/** Rules of the group `recall`, one line a rule. */
export const recallRules: readonly Rule[] = [
  exposedOnly,
  exposedMissing,
  exposedShare,
  randomOnly,
  noGlobal,
  hardOnly,
  hardShare,
  hardWindow,
  logq,
  logqLists,
  logqLoss,
  inBatchDominates,
  inBatchWeight,
  inBatchOrder,
  exponent,
  hotPositives,
  coldItems,
  coldPositives,
  groupPopularity,
  fewNegatives,
];
