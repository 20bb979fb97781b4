import {
  popularityByEntry,
  type EntryPopularity,
  type PopularityStep,
} from '../../../core/audit/metrics/popularityByEntry.ts';
import { message } from '../../../core/message/message.ts';
import { valueAt } from '../../../core/valueAt.ts';
import type { Rows, Work } from '../../database/connections.ts';
import { numberIn, textIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { entryItems, inputItems, inputWeight } from '../itemCounts.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting items by entry');
/** Entries with a curve of their own; files of other tools may have thousands of sources. */
const MOST_ENTRIES = 12;

/** The rows of each entry by the popularity of their items. */
export const popularityByEntryPhase: Phase = {
  label,
  metrics: ['popularity_by_entry'],
  lacks: ({ sample }) => (sample.hasLabel() ? null : message('there is no label column')),
  async run(world, work) {
    const { joined, popularity, weight, inputName, fromLog } = await inputsOf(world, work);
    // Items with the same popularity are one step, so the result stays small.
    const found = await world.rows(
      `WITH s AS (SELECT * FROM ${await entryItems(world, work)} WHERE item IS NOT NULL AND label IS NOT NULL),
        own AS (SELECT item, sum(n) FILTER (WHERE label) AS p FROM s GROUP BY item),
        items AS MATERIALIZED (SELECT item, CAST(coalesce(${popularity}, 0) AS DOUBLE) AS c, CAST(coalesce(${weight}, 0) AS DOUBLE) AS w FROM own ${joined})
      SELECT c, NULL AS e, NULL AS label, count(*), sum(w) FROM items GROUP BY c
      UNION ALL SELECT i.c, s.e, s.label, sum(s.n), 0 FROM s JOIN items i ON i.item = s.item GROUP BY i.c, s.e, s.label`,
      label,
      work,
    );
    return { popularity_by_entry: popularityByEntry.of({ ...stepsOf(found), inputName, fromLog }) };
  },
};

interface Inputs extends Pick<EntryPopularity, 'inputName' | 'fromLog'> {
  readonly joined: string;
  readonly popularity: string;
  readonly weight: string;
}

/** The popularity of items in the log until the training cut, and their weight in the input of the stage. */
async function inputsOf(world: AuditWorld, work: Work): Promise<Inputs> {
  const inputs = world.differentIds('item') === null ? world.inputs : null;
  if (inputs === null) return { joined: '', popularity: 'p', weight: 'NULL', inputName: null, fromLog: false };
  const asked = world.stageInput();
  const input = asked === 'corpus_by_impressions' ? null : asked;
  // Other items are not on the axis: their popularity is unknown.
  const only = { corpus: 'true', candidates: 'logged = 1 OR candidates > 0', exposures: 'logged = 1' };
  return {
    joined: `FULL JOIN (SELECT * FROM ${await inputItems(world, work)} WHERE ${only[input ?? 'exposures']}) i USING (item)`,
    popularity: 'popular',
    weight: input === null ? 'NULL' : inputWeight(world),
    inputName: input,
    fromLog: true,
  };
}

function stepsOf(found: Rows): Pick<EntryPopularity, 'steps' | 'entries'> {
  const totals = new Map<string, number>();
  for (const row of found) {
    const name = textIn(row, 1);
    if (name !== null && row[2] === false) totals.set(name, (totals.get(name) ?? 0) + numberIn(row, 3));
  }
  const entries = [...totals]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, MOST_ENTRIES)
    .map(([name]) => name);
  const steps = new Map<number, { -readonly [K in keyof PopularityStep]: PopularityStep[K] } & { byEntry: number[] }>();
  for (const row of found) {
    const popularity = numberIn(row, 0);
    const step = steps.get(popularity) ?? {
      items: 0,
      positives: 0,
      negatives: 0,
      input: 0,
      byEntry: entries.map(() => 0),
    };
    steps.set(popularity, step);
    const rows = numberIn(row, 3);
    if (row[2] === null) {
      step.items += rows;
      step.input += numberIn(row, 4);
    } else if (row[2] === true) step.positives += rows;
    else {
      step.negatives += rows;
      const k = entries.indexOf(textIn(row, 1) ?? '');
      if (k >= 0) step.byEntry[k] = valueAt(step.byEntry, k) + rows;
    }
  }
  return { entries, steps: [...steps].sort(([a], [b]) => b - a).map(([, step]) => step) };
}
