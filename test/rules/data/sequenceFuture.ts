import { changed } from '../../../src/core/policy/examples/example.ts';
import { clickLists, clicksInLog, withClicks } from '../../../src/core/policy/examples/sequences.ts';
import { files } from '../../../src/core/policy/examples/files.ts';
import type { RuleCases } from '../ruleCases.ts';

const one = { text: changed('recall'), datasets: withClicks };
const reportedAt = '../out/recall.parquet';

/** Lists without times, compared with the log. */
const untimed: typeof withClicks = {
  'samples.recall': files(
    'user_id:int64 item_id:int64 title:string city:string category:string label:int8 source:string positive_item:int64 ts:timestamp draw:int32 log_q:double clicks__item_id:ids',
  ),
};
const own = { positives: { rows: 146, hits: 0 }, negatives: { rows: 1054, hits: 0 } };
const contacts = { compared: 1200, late: 300, lateOthers: 300, own };

export const cases: RuleCases = {
  valid: [
    // Single rows.
    { ...one, answers: clickLists({}, { late: 4, lateOthers: 4 }) },
    // The files have no lists of a sequence, or no times.
    { text: changed('recall'), answers: clickLists({}, { late: 400 }) },
    { ...one, answers: clickLists({}, null) },
    // The log is another one.
    { ...one, datasets: untimed, answers: { ...clickLists({}, null), ...clicksInLog({ contacts, foreign: 40 }) } },
    // They are the labels.
    {
      ...one,
      answers: clickLists(
        {},
        { late: 100, lateOthers: 0, own: { positives: { rows: 146, hits: 100 }, negatives: { rows: 1421, hits: 0 } } },
      ),
    },
  ],
  invalid: [
    {
      ...one,
      datasets: untimed,
      reportedAt,
      answers: { ...clickLists({}, null), ...clicksInLog({ contacts }) },
    },
    { ...one, reportedAt, answers: clickLists({}, { late: 5, lateOthers: 5 }) },
    // Negatives have such steps as well, so they are no labels.
    {
      ...one,
      reportedAt,
      answers: clickLists(
        {},
        {
          late: 400,
          lateOthers: 0,
          own: { positives: { rows: 146, hits: 100 }, negatives: { rows: 1421, hits: 300 } },
        },
      ),
    },
  ],
};
