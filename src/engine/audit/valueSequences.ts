import { isNegativeName, type DeclaredSequence, type SampleColumns } from '../../core/audit/sampleColumns.ts';
import type { SampleSequence } from '../../core/data/sampleSequences.ts';
import type { AuditRequest } from '../../protocol/audit.ts';
import { HistorySql, sequencesIn, type HistoryFile } from '../answers/historySql.ts';
import { StepLog } from '../answers/loggedRows.ts';
import type { Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import { SampledTables } from '../inputs/sampledTables.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import type { Tables } from '../tables/tables.ts';

/** Rows that a guess needs, and the share of them that must agree with it. Our choice. */
const MIN_ROWS = 20;
const MIN_SHARE = 0.6;
/** Lists of one sequence have equal lengths in this share of the rows; in others, a value is missing. */
const SAME_LENGTHS = 0.95;
/** What the user met so near to the row belongs to its request: lists of it are candidates, not histories. */
const OWN_REQUEST = 'INTERVAL 1 HOUR';
const PLAUSIBLE = 'INTERVAL 10 YEAR';

/** The columns of a sample file as its histories are read. */
export function historyFile(
  { ref, known }: Pick<AuditRequest, 'ref' | 'known'>,
  { layout, columns }: SampleColumns,
): HistoryFile {
  const named = Object.entries(columns).flatMap(([role, { name, negatives: _, ...column }]) =>
    name === null ? [] : [[role, { ...column, name }] as const],
  );
  return { ref, layout, columns: Object.fromEntries(named), sequences: known.sequences ?? [] };
}

/**
 * Sequences that the values of lists tell, where their names do not. A list holds times if it is sorted, and begins before
 * its row. It holds items if the user of the row had met its first or its last item long before, and other users had
 * not: so neither candidates of the request nor small numbers, such as categories, are taken for items. Lists that are
 * as long as those of the samples in a row belong to them.
 */
export async function valueSequences(
  request: AuditRequest,
  found: SampleColumns,
  tables: Tables,
  work: Work,
): Promise<readonly DeclaredSequence[]> {
  const { ref, known, sequences: planned = [], timezone } = request;
  const file = historyFile(request, found);
  const named = sequencesIn(tables, file, planned);
  const ofSamples = Object.values(found.columns).flatMap(({ name, negatives }) => [name, negatives]);
  const settled = new Set([...ofSamples, ...Object.keys(known.set), ...named.flatMap(({ lists }) => lists)]);
  const lists = tables.table(ref).columns.filter(({ type }) => type.kind === 'list');
  const open = lists.filter(({ name }) => !settled.has(name) && !isNegativeName(name) && !/__(from|to)$/.test(name));
  if (open.length === 0) return [];
  const sql = HistorySql.of(tables, file, [], timezone);
  const [user, time] = [sql.id('user'), sql.time()];
  if (user === null || time === null) return [];
  const lengthOf = (name: string): string => `len(${quoteIdentifier(name)})`;
  const areAlike = async (one: string, others: readonly string[]): Promise<string[]> => {
    const counts = others.map(
      (other) => `count(*) FILTER (WHERE coalesce(${lengthOf(one)}, 0) = coalesce(${lengthOf(other)}, 0))`,
    );
    const [row] = await tables.rows(`SELECT ${['count(*)', ...counts].join(', ')} FROM ${sql.from}`, work);
    return others.filter((_, k) => numberIn(row, k + 1) >= SAME_LENGTHS * numberIn(row));
  };
  const result = new Map<string, Pick<DeclaredSequence, 'columns' | 'separator'>>();
  const add = async (role: 'item' | 'time', name: string): Promise<void> => {
    const lacking = [
      ...[...result].flatMap(([sequence, { columns }]) =>
        columns.some((column) => column.role === role) ? [] : [{ sequence, list: columns[0]?.name ?? '' }],
      ),
      ...named.flatMap((sequence) =>
        sequence[role] === null && !result.has(sequence.name)
          ? [{ sequence: sequence.name, list: sequence.lists[0] ?? '' }]
          : [],
      ),
    ];
    const alike = await areAlike(
      name,
      lacking.map(({ list }) => list),
    );
    const mate = lacking.find(({ list }) => alike.includes(list))?.sequence ?? name;
    const { columns, separator } = result.get(mate) ?? declaredAs(named.find((sequence) => sequence.name === mate));
    result.set(mate, { columns: [...columns, { role, name }], separator });
  };
  const samples = lists.map(({ name }) => name).filter((name) => ofSamples.includes(name));
  const contacts = await itemTest(request, { sql, user, at: time.from }, tables, work);
  for (const { name, type } of open) {
    if (type.kind !== 'list' || (samples.length > 0 && (await areAlike(name, samples)).length > 0)) continue;
    const { kind } = type.item;
    const mayBeTime = kind === 'integer' || kind === 'timestamp' || kind === 'date';
    if (mayBeTime && (await holdsTimes(name, sql, time.from, tables, work))) await add('time', name);
    else if ((kind === 'integer' || kind === 'string') && contacts && (await contacts(name))) await add('item', name);
  }
  return Array.from(result, ([name, sequence]) => ({ name, ...sequence }));
}

/** The lists of a sequence that is known by names, as a declaration. */
function declaredAs(sequence: SampleSequence | undefined): Pick<DeclaredSequence, 'columns' | 'separator'> {
  const { item = null, time = null, event = null, separator = null } = sequence ?? {};
  return {
    columns: [
      ...(item === null ? [] : [{ role: 'item', name: item }]),
      ...(time === null ? [] : [{ ...time, role: 'time' }]),
      ...(event === null ? [] : [{ role: 'event', name: event }]),
    ],
    separator,
  };
}

async function holdsTimes(name: string, sql: HistorySql, at: string, tables: Tables, work: Work): Promise<boolean> {
  const isSorted = 'len(t) = list_count(t) AND (t = list_sort(t) OR t = list_reverse_sort(t)) AND t[1] <> t[-1]';
  const isPlausible = `list_min(t) BETWEEN at - ${PLAUSIBLE} AND at AND list_max(t) < at + ${PLAUSIBLE}`;
  const [row] = await tables.rows(
    `SELECT count(*), count(*) FILTER (WHERE ${isSorted} AND ${isPlausible})
    FROM (SELECT ${sql.stepTimes({ name })} AS t, ${at} AS at FROM ${sql.from}) WHERE len(t) > 2 AND isfinite(at)`,
    work,
  );
  return numberIn(row) >= MIN_ROWS && numberIn(row, 1) >= MIN_SHARE * numberIn(row);
}

/** Tests whether lists hold items that their users met before. Null without a log. */
async function itemTest(
  { stepLog: log, data, timezone }: AuditRequest,
  { sql, user, at }: { readonly sql: HistorySql; readonly user: string; readonly at: string },
  tables: Tables,
  work: Work,
): Promise<((name: string) => Promise<boolean>) | null> {
  if (!log || data === null) return null;
  const contacts = new StepLog(await SampledTables.open(tables, { log }, timezone, work), log).contacts();
  return async (name) => {
    for (const index of [1, -1]) {
      const ends = `SELECT ${user} AS u, ${at} AS at, ${sql.stepItem(name, index)} AS x FROM ${sql.from}`;
      const [row] = await tables.rows(
        `WITH q AS MATERIALIZED (SELECT *, count(*) AS r FROM (${ends}) WHERE u IS NOT NULL AND x IS NOT NULL AND isfinite(at) GROUP BY ALL),
        users AS (SELECT u, coalesce(lead(u) OVER o, first_value(u) OVER o) AS other FROM (SELECT DISTINCT u FROM q) WINDOW o AS (ORDER BY md5(u), u)),
        c AS MATERIALIZED (SELECT * FROM ${contacts} WHERE i IN (SELECT x FROM q)),
        f AS MATERIALIZED (SELECT u, i, min(time) AS first FROM c GROUP BY ALL)
        SELECT sum(r), sum(r) FILTER (WHERE own.first < at - ${OWN_REQUEST}), sum(r) FILTER (WHERE n.time >= at - ${OWN_REQUEST}), sum(r) FILTER (WHERE others.first < at - ${OWN_REQUEST})
        FROM q JOIN users USING (u) LEFT JOIN f own ON own.u = q.u AND own.i = q.x LEFT JOIN f others ON others.u = users.other AND others.i = q.x
          ASOF LEFT JOIN c n ON n.u = q.u AND n.i = q.x AND n.time <= q.at + ${OWN_REQUEST}`,
        work,
      );
      const [rows, met, near, byOthers] = [numberIn(row), numberIn(row, 1), numberIn(row, 2), numberIn(row, 3)];
      if (rows >= MIN_ROWS && met >= MIN_SHARE * rows && near < rows / 2 && byOthers < met / 2) return true;
    }
    return false;
  };
}
