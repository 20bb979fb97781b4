import type { Rule } from '../rule.ts';
import { columnMissing } from './schema/columnMissing.ts';
import { comparisonType } from './schema/comparisonType.ts';
import { eventTable } from './schema/eventTable.ts';
import { fileMissing } from './schema/fileMissing.ts';
import { historyColumn } from './schema/historyColumn.ts';
import { idType } from './schema/idType.ts';
import { labelDomain } from './schema/labelDomain.ts';
import { matchAttribute } from './schema/matchAttribute.ts';
import { noRank } from './schema/noRank.ts';
import { noRequest } from './schema/noRequest.ts';
import { noSourceColumn } from './schema/noSourceColumn.ts';
import { partitionDay } from './schema/partitionDay.ts';
import { partitionTypes } from './schema/partitionTypes.ts';
import { passThroughSide } from './schema/passThroughSide.ts';
import { passThroughTable } from './schema/passThroughTable.ts';
import { postEventColumn } from './schema/postEventColumn.ts';
import { schemaRefused } from './schema/refused.ts';
import { teacherType } from './schema/teacherType.ts';
import { timeType } from './schema/timeType.ts';
import { unreadable } from './schema/unreadable.ts';

/** Rules of the group `schema`, one line a rule. */
export const schemaRules: readonly Rule[] = [
  fileMissing,
  unreadable,
  columnMissing,
  eventTable,
  idType,
  labelDomain,
  comparisonType,
  timeType,
  noSourceColumn,
  noRequest,
  noRank,
  matchAttribute,
  partitionTypes,
  partitionDay,
  postEventColumn,
  passThroughSide,
  passThroughTable,
  teacherType,
  historyColumn,
  schemaRefused,
];
