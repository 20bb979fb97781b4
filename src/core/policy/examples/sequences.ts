import type { HistoryGrowth, LoggedList } from '../../audit/loggedList.ts';
import type { ListCounts, TimedCounts } from '../../audit/metrics/sequences.ts';
import type { Answers } from '../../data/facts.ts';
import type { Case } from '../rule.ts';
import { files } from './files.ts';

/** The sample file of the demo with a sequence of clicks. */
export const withClicks: NonNullable<Case['datasets']> = {
  'samples.recall': files(
    'user_id:int64 item_id:int64 title:string city:string category:string label:int8 source:string positive_item:int64 ts:timestamp draw:int32 log_q:double clicks__item_id:ids clicks__ts:times',
  ),
};

/** Counts of the clicks; without more, nothing is wrong with them. */
export function clickLists(
  counts: Partial<Omit<ListCounts, 'times'>> = {},
  times: Partial<TimedCounts> | null = {},
): Pick<Answers, 'sequence-lists'> {
  const timed: TimedCounts = {
    compared: 1400,
    late: 0,
    lateOthers: 0,
    own: { positives: { rows: 146, hits: 0 }, negatives: { rows: 1421, hits: 0 } },
    ordered: 1200,
    ascending: 1200,
    descending: 0,
    isNewestFirst: false,
    youngest: 61_000_000,
  };
  return {
    'sequence-lists': {
      lists: [
        {
          name: 'clicks',
          rows: 1567,
          empty: 167,
          steps: 9000,
          longest: 20,
          length: null,
          tooLong: 0,
          uneven: 0,
          repeated: 0,
          undeduped: null,
          repeats: null,
          ...counts,
          times: times && { ...timed, ...times },
        },
      ],
    },
  };
}

/** What the log says about the clicks; without more, nothing is wrong with them. */
export function clicksInLog(
  counts: Partial<LoggedList> = {},
  growths: readonly HistoryGrowth[] = [],
): Pick<Answers, 'sequence-log'> {
  return {
    'sequence-log': {
      lists: [
        {
          name: 'clicks',
          event: 'click',
          compared: 1200,
          foreign: 0,
          contacts: null,
          requests: { compared: 1400, rows: 0 },
          full: { compared: 300, rows: 0 },
          stale: { compared: 0, rows: 0 },
          missing: 59_000_000,
          youngest: 61_000_000,
          logStart: null,
          ...counts,
        },
      ],
      growths,
    },
  };
}

/** Histories of the clicks in a log that begins too late: 3.1 steps on average, and later 21.4. */
export function youngLog(
  growth: { readonly mean?: number; readonly error?: number; readonly isEval?: boolean } = {},
): HistoryGrowth {
  const { mean = 3.1, error = 0.3, isEval = false } = growth;
  return {
    name: 'clicks',
    lastDay: Date.UTC(2026, 10, 9) * 1000,
    early: { mean, error },
    late: { mean: 21.4, error },
    isEval,
    covariance: 0,
  };
}
