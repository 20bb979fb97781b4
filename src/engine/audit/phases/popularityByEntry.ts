import { popularityByEntry, type EntryPopularity } from '../../../core/audit/metrics/popularityByEntry.ts';
import { message } from '../../../core/message/message.ts';
import type { Rows, Work } from '../../database/connections.ts';
import { numberIn } from '../../database/numberIn.ts';
import type { AuditWorld } from '../auditWorld.ts';
import { inputWeight, joinedItems, sampleItems } from '../itemCounts.ts';
import type { Phase } from '../phase.ts';

const label = message('Counting items by entry');
/** Entries with a curve of their own; files of other tools may have thousands of sources. */
const MAX_ENTRIES = 12;

/** The rows of each entry by the popularity of their items. */
export const popularityByEntryPhase: Phase = {
  label,
  metrics: ['popularity_by_entry'],
  needs: ['label'],
  async run(world, work) {
    const { from, popularity, weight, inputName, fromLog } = await inputsOf(world, work);
    const { entries } = await sampleItems(world, work);
    // Items with the same popularity are one step, so the result stays small.
    const found = await world.rows(
      `SELECT CAST(${popularity} AS DOUBLE) AS c, count(*), sum(CAST(${weight} AS DOUBLE)), ${['p', 'n', ...entries.map((_, k) => `n${k}`)].map((x) => `coalesce(sum(${x}), 0)`).join(', ')} FROM ${from} GROUP BY c ORDER BY c DESC`,
      label,
      work,
    );
    return { popularity_by_entry: popularityByEntry.measure({ ...stepsOf(found, entries), inputName, fromLog }) };
  },
};

interface Inputs extends Pick<EntryPopularity, 'inputName' | 'fromLog'> {
  /** The items on the axis, and those of the rows. */
  readonly from: string;
  readonly popularity: string;
  readonly weight: string;
}

/** The popularity of items in the log until the training cut, and their weight in the input of the stage. */
async function inputsOf(world: AuditWorld, work: Work): Promise<Inputs> {
  const inputs = world.differentIds('item') === null ? world.inputs : null;
  const isSampled = '(coalesce(p, 0) > 0 OR coalesce(n, 0) > 0)';
  if (inputs === null) {
    const { sql } = await sampleItems(world, work);
    const from = `(SELECT * FROM ${sql} WHERE item IS NOT NULL AND ${isSampled})`;
    return { from, popularity: 'p', weight: '0', inputName: null, fromLog: false };
  }
  const asked = world.stageInput();
  const input = asked === 'corpus_by_impressions' ? null : asked;
  // Other items are not on the axis: their popularity is unknown.
  const only = { corpus: 'true', candidates: 'logged = 1 OR candidates > 0', exposures: 'logged = 1' };
  const items = `SELECT *, coalesce(${only[input ?? 'exposures']}, false) AS "on axis" FROM ${await joinedItems(world, work)} i`;
  const known = (x: string): string => `CASE WHEN "on axis" THEN coalesce(${x}, 0) ELSE 0 END`;
  return {
    from: `(SELECT * FROM (${items}) WHERE "on axis" OR ${isSampled})`,
    popularity: known('popular'),
    weight: input === null ? '0' : known(inputWeight(world)),
    inputName: input,
    fromLog: true,
  };
}

/** `found`: popularity, items, weight, positives, negatives, and the negatives of each of the entries. */
function stepsOf(found: Rows, names: readonly (string | null)[]): Pick<EntryPopularity, 'steps' | 'entries'> {
  const first = 5;
  const entries = names
    .flatMap((name, k) => {
      const rows = found.reduce((sum, row) => sum + numberIn(row, first + k), 0);
      return name === null || rows === 0 ? [] : [{ name, rows, column: first + k }];
    })
    .sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_ENTRIES);
  return {
    entries: entries.map(({ name }) => name),
    steps: found.map((row) => ({
      items: numberIn(row, 1),
      input: numberIn(row, 2),
      positives: numberIn(row, 3),
      negatives: numberIn(row, 4),
      byEntry: entries.map(({ column }) => numberIn(row, column)),
    })),
  };
}
