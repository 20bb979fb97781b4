import type { Rule } from '../rule.ts';
import { doubleCalibration } from './fine/doubleCalibration.ts';
import { downsampleCalibration } from './fine/downsampleCalibration.ts';
import { eventWeight } from './fine/eventWeight.ts';
import { hotResampling } from './fine/hotResampling.ts';
import { sampledNegatives } from './fine/sampledNegatives.ts';
import { unit } from './fine/unit.ts';

/** Rules of the group `fine`, one line a rule. */
export const fineRules: readonly Rule[] = [
  sampledNegatives,
  unit,
  hotResampling,
  downsampleCalibration,
  doubleCalibration,
  eventWeight,
];
