import { logQFrequency } from '../../core/statistics/logQFrequency.ts';
import type { Answers } from '../../core/data/facts.ts';
import { message } from '../../core/message/message.ts';
import { f64At } from '../../core/valueAt.ts';
import type { AskedSamples } from '../../protocol/answers.ts';
import type { Columnar } from '../database/columnar.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { QuestionAnswerer } from './question.ts';
import { nameColumn, entryRole } from '../tables/rowNames.ts';
import { examples, sampleTable } from './samples.ts';
import type { Tables } from '../tables/tables.ts';

type Found = Answers['log-q-values'];

/** Most draws that are compared with their frequencies, in whole groups that only their ids choose. */
const MAX_DRAWS = 500_000;
/** Single precision and sums of many probabilities. */
const TOLERANCE = 0.001;
const groupRoles = ['user', 'request', 'time', 'positive_item'] as const;

/**
 * What the values of log q say by themselves: whether they can be probabilities, and whether the draws of the file fit
 * them.
 */
export const logQValues: QuestionAnswerer<'log-q-values'> = {
  tables: ({ samples }) => [samples.ref],
  async answer({ samples, oneEntry, timezone }, tables, work) {
    const name = samples.columns.log_q?.name ?? '';
    // As a number: the exact text of each value takes most of the time.
    const more = { q: `TRY_CAST(${quoteIdentifier(name)} AS DOUBLE)` };
    const table = sampleTable(tables, samples, timezone, { more, reads: [name] });
    const role = entryRole(samples);
    const keys = groupRoles.filter((one) => samples.columns[one] !== undefined);
    const rows = `(SELECT * FROM ${table} WHERE label IS NOT NULL AND item IS NOT NULL)`;
    const [counts] = await tables.rows(
      `SELECT count(q) FILTER (WHERE NOT isnan(q)), count(*) FILTER (WHERE NOT isnan(q) AND q > ${TOLERANCE}), count(*) FILTER (WHERE q = '-inf'::DOUBLE AND NOT label) FROM ${rows}`,
      work,
    );
    const [above, never] = [numberIn(counts, 1), numberIn(counts, 2)];
    const wrong = `(SELECT * FROM ${rows} WHERE NOT isnan(q) AND (q > ${TOLERANCE} OR (q = '-inf'::DOUBLE AND NOT label)))`;
    const known = `(SELECT * FROM ${rows} WHERE NOT label AND isfinite(q) AND q <= ${TOLERANCE})`;
    return {
      name,
      rows: numberIn(counts),
      above,
      never,
      groups:
        keys.length === 0 || (role === null && !oneEntry)
          ? 0
          : await overfull(tables, { samples, known, rows, keys }, role, work),
      entries: keys.length === 0 ? [] : await frequencies(tables, { samples, known, rows, keys }, work),
      examples:
        above + never === 0
          ? []
          : await examples(tables, wrong, samples, ['user', 'item', 'source', 'entry', 'log_q'], work),
    };
  },
};

/** Groups whose distinct items have probabilities that sum to more than 1. */
async function overfull(
  tables: Tables,
  { known, rows, keys }: Draws,
  role: string | null,
  work: Work,
): Promise<number> {
  const group = keys.map(quoteIdentifier).join(', ');
  const by = role === null ? group : `${group}, ${quoteIdentifier(role)}`;
  // Without a time, two positives of a user and an item look like one group.
  const merged = keys.includes('positive_item')
    ? `ANTI JOIN (SELECT ${group} FROM ${rows} WHERE label GROUP BY ${group} HAVING count(*) > 1) USING (${group})`
    : '';
  // Repeated items only add to a sum. Nearly always, this rules out all groups, in half the time.
  const [any] = await tables.rows(`SELECT 1 FROM ${known} GROUP BY ${by} HAVING sum(exp(q)) > 1 LIMIT 1`, work);
  if (any === undefined) return 0;
  const [row] = await tables.rows(
    `SELECT count(*) FROM (SELECT ${by} FROM (SELECT ${by}, item, min(q) AS q FROM ${known} GROUP BY ${by}, item) GROUP BY ${by} HAVING sum(exp(q)) > 1 + ${TOLERANCE} * count(*)) ${merged}`,
    work,
  );
  return numberIn(row);
}

interface Draws {
  readonly samples: AskedSamples;
  readonly known: string;
  readonly rows: string;
  readonly keys: readonly (typeof groupRoles)[number][];
}

/** Hashes of 52 bits, which a number holds exactly. */
const hashed = (columns: readonly string[]): string => `CAST(hash(${columns.join(', ')}) >> 12 AS DOUBLE)`;

async function frequencies(
  tables: Tables,
  { samples, known, rows, keys }: Draws,
  work: Work,
): Promise<Found['entries']> {
  const [total] = await tables.rows(`SELECT count(*) FROM ${known}`, work);
  const step = Math.max(1, Math.ceil(numberIn(total) / MAX_DRAWS));
  const group = hashed(keys.map(quoteIdentifier));
  const user = samples.columns.user ? hashed(['"user"']) : '0::DOUBLE';
  const name = await nameColumn(tables, known, entryRole(samples), work);
  const label = message('Comparing log q with the draws');
  const found = await tables.columnar(
    // A repeated row is no second draw: `data/duplicate` reports it.
    `SELECT DISTINCT ${group} AS g, ${hashed(['item'])}, ${user}, q, ${name.sql} FROM ${known}${step === 1 ? '' : ` WHERE CAST(${group} AS BIGINT) % ${step} = 0`}`,
    label,
    work,
  );
  const chosen = samples.columns.user
    ? await tables.columnar(
        `SELECT DISTINCT ${user}, ${hashed(['item'])} FROM ${rows} WHERE label AND "user" IS NOT NULL`,
        label,
        work,
      )
    : null;
  const names = name.read(found, 4);
  const byName = new Map<string | null, number[]>();
  for (const [row, entry] of names.entries()) {
    const all = byName.get(entry);
    if (all) all.push(row);
    else byName.set(entry, [row]);
  }
  const columns = [found.numbers(0), found.numbers(1), found.numbers(2), found.numbers(3)] as const;
  return [...byName]
    .sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
    .flatMap(([entry, rowsOfEntry]) => {
      const frequency = frequencyOf(rowsOfEntry, columns, chosen);
      return frequency === null ? [] : [{ name: entry, ...frequency }];
    });
}

function frequencyOf(
  rows: readonly number[],
  [group, item, user, value]: readonly [Float64Array, Float64Array, Float64Array, Float64Array],
  chosen: Columnar | null,
): ReturnType<typeof logQFrequency> {
  const [groups, items, users] = [new Map<number, number>(), new Map<number, number>(), new Map<number, number>()];
  const numberOf = (numbers: Map<number, number>, hash: number): number => {
    const known = numbers.get(hash);
    if (known === undefined) numbers.set(hash, numbers.size);
    return known ?? numbers.size - 1;
  };
  const pairs = new Set<string>();
  const draws = {
    groups: Int32Array.from(rows, (row) => numberOf(groups, f64At(group, row))),
    items: Int32Array.from(rows, (row) => numberOf(items, f64At(item, row))),
    values: Float64Array.from(rows, (row) => f64At(value, row)),
  };
  for (const row of rows) {
    const who = f64At(user, row);
    users.set(who, (users.get(who) ?? 0) + 1);
    pairs.add(`${who} ${f64At(item, row)}`);
  }
  const excluded = new Float64Array(items.size);
  let isDrawn = false;
  if (chosen) {
    const [who, what] = [chosen.numbers(0), chosen.numbers(1)];
    for (const [k, hash] of who.entries()) {
      const place = items.get(f64At(what, k));
      const drawn = users.get(hash);
      if (place === undefined || drawn === undefined) continue;
      isDrawn ||= pairs.has(`${hash} ${f64At(what, k)}`);
      excluded[place] = f64At(excluded, place) + drawn / rows.length;
    }
  }
  return logQFrequency({ ...draws, excluded: isDrawn ? excluded.fill(0) : excluded });
}
