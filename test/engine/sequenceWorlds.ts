import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { historyFaults, withHistories, type HistoryFault } from '../../examples/demo/defects/sequenceDefects.ts';
import { parquet } from './fixture.ts';
import { demo } from './lintDemo.ts';

const of = (file: string): string => `read_parquet('${join(demo, file)}')`;

const log = 'data/impressions';

/** The sample of the demo with what its users saw before: lists by the definition, from the log, with a fault. */
const withSeen = (fault: HistoryFault = {}): string =>
  withHistories({ sample: of('out/recall.parquet'), impressions: of(`${log}/*/*.parquet`) }, fault, null);

/** Replaces the sample of a demo workspace. */
const sample = (sql: string) => async (root: string) => await parquet(join(root, 'out/recall.parquet'), sql);

/** For each rule of sequences, the sample of the demo with that fault. */
export const sequenceWorlds = {
  'data/sequence-future': {
    write: sample(withSeen(historyFaults.future(1))),
    tells: /^seen: \d+ of \d+ rows have a step at or after their time$/,
  },
  'data/sequence-target': {
    write: sample(withSeen(historyFaults.target(1))),
    tells: /^seen: in (\d+) of \1 positives, a step is the event of the row$/,
  },
  'data/sequence-order': {
    write: sample(withSeen(historyFaults.order(0.25))),
    tells: /^seen: \d+ of \d+ rows are not in the order of time$/,
  },
  'data/sequence-length': {
    write: sample(withSeen(historyFaults.uneven(1))),
    tells: /^seen: the lists of \d+ of \d+ rows differ in length$/,
  },
  'data/sequence-duplicate': {
    write: sample(withSeen(historyFaults.duplicate(0.25))),
    tells: /^seen: [\d.]+ % of the steps are logged twice$/,
  },
  'data/sequence-request': {
    write: sample(withSeen(historyFaults.request(1))),
    tells: /^seen: \d+ of \d+ rows have steps of their own request$/,
  },
  'data/sequence-side': {
    write: sample(withSeen(historyFaults.side(1))),
    tells: /^seen: full lists keep the oldest steps$/,
  },
  'data/sequence-shift': {
    // For each user three, because few have early and late rows.
    write: async (root: string) => {
      const thrice = (sql: string) => `SELECT * REPLACE (user_id + k AS user_id) FROM (${sql}), range(3) t(k)`;
      await sample(thrice(withSeen({ ...historyFaults.shift(2), replace: ['NULL::DOUBLE AS log_q'] })))(root);
      for (const day of readdirSync(join(demo, log)))
        for (const file of readdirSync(join(demo, log, day)))
          await parquet(join(root, log, day, file), thrice(`FROM ${of(join(log, day, file))}`));
    },
    tells: /^seen: rows up to 2026-11-\d\d have [\d.]+ steps on average, later rows of these users [\d.]+$/,
  },
  'data/sequence-log': {
    write: sample(withSeen(historyFaults.log(1))),
    tells: /^seen: in [\d.]+ % of the rows, the newest step is not in the log$/,
  },
};
