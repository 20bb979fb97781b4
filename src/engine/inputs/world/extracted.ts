import { fail } from '../../../core/message/failure.ts';
import { message } from '../../../core/message/message.ts';
import { dailyCount, groupedBy } from '../../../core/source/options.ts';
import type { PlanEntry, StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { EntryPools, PoolItems } from '../../../core/sampling/world/world.ts';
import { f64At, i32At, u32At, valueAt } from '../../../core/valueAt.ts';
import type { ExtractTable } from '../../../protocol/sampling.ts';
import type { Work } from '../../database/connections.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { textColumn } from '../columnNames.ts';
import { itemNumbers, type SampledTables } from '../sampledTables.ts';
import { byItem } from './counts.ts';
import { DayCounts, type Period } from './dayCounts.ts';
import { beforeText, DayChoice, type DayTables } from './dayTables.ts';
import { microsecondsOfDay } from './localTime.ts';
import type { Matches } from './matches.ts';
import type { Windows } from './windows.ts';

/** Separates the day and the value of a table. */
const separator = '\u001f';

/**
 * Checks the values of a table of an extract.
 * @throws FailureError `changed` if they are not those that the job wrote
 */
async function checkDigest(
  { tables }: SampledTables,
  { ref, digest }: ExtractTable,
  columns: readonly string[],
  work: Work,
): Promise<void> {
  const values = columns.map((name) => `CAST(${quoteIdentifier(name)} AS VARCHAR)`).join(' || chr(31) || ');
  const [[found] = []] = await tables.rows(
    `SELECT CAST(coalesce(sum(CAST(concat('0x', substr(md5(${values}), 1, 8)) AS UINTEGER)), 0) AS VARCHAR) FROM ${tables.table(ref).relation()}`,
    work,
  );
  if (String(found) === digest) return;
  throw fail('changed', message('The rows of the extract are not those that its job wrote'), {
    place: { path: ref.path },
    advice: message('Run the job of the extract again.'),
  });
}

/** Counts of positives of all users. */
interface ExtractedCounts {
  /** By item, of the items that the extract has. */
  readonly counts: Float64Array;
  /** The sum over all items, and their number. */
  readonly positives: number;
  readonly items: number;
}

/** The positives that a table of an extract counts. */
export async function extractedCounts(
  sampled: SampledTables,
  table: ExtractTable | undefined,
  items: number,
  work: Work,
): Promise<ExtractedCounts> {
  if (!table) throw missing();
  await checkDigest(sampled, table, ['item', 'positives'], work);
  const all = sampled.tables.table(table.ref).relation();
  const rows = await sampled.tables.columnar(
    `SELECT n.number, CAST(c.positives AS DOUBLE) FROM ${all} c JOIN ${itemNumbers} n ON n.item = c.item`,
    message('Reading the extract'),
    work,
  );
  // Most items are neither in a pool nor in a row of the users.
  const total = await sampled.tables.columnar(
    `SELECT CAST(coalesce(sum(positives), 0) AS DOUBLE), CAST(count(*) AS DOUBLE) FROM ${all}`,
    message('Reading the extract'),
    work,
  );
  return {
    counts: byItem(rows.unsigned(0), rows.numbers(1), items),
    positives: f64At(total.numbers(0), 0),
    items: f64At(total.numbers(1), 0),
  };
}

/** The failure for an extract that lacks a part that the plan needs. */
function missing(): Error {
  return fail('bad-request', message('The extract does not have what this plan needs'), {
    advice: message('Write its job again with {0}, and run it.', 'recsample spark --extract'),
  });
}

/** The pools of all entries, as an extract has them. Checks its values once. */
export class ExtractedPools {
  private constructor(
    private readonly sampled: SampledTables,
    private readonly pools: string,
    private readonly owners: string | null,
  ) {}

  static async open(sampled: SampledTables, work: Work): Promise<ExtractedPools> {
    const { pools, poolUsers } = sampled.data.extract ?? {};
    if (!pools) throw missing();
    await checkDigest(sampled, pools, ['entry', 'value', 'item', 'weight'], work);
    if (poolUsers) await checkDigest(sampled, poolUsers, ['entry', 'user', 'value'], work);
    const relation = ({ ref }: ExtractTable): string => sampled.tables.table(ref).relation();
    return new ExtractedPools(sampled, relation(pools), poolUsers ? relation(poolUsers) : null);
  }

  /**
   * The pools of an entry whose counts do not move with the day.
   * @param matches of a pool that the positive's attributes divide; else null
   */
  async of(k: number, entry: PlanEntry, matches: Matches | null, work: Work): Promise<EntryPools> {
    const tables = await this.#tables(k, entry, work);
    const all = tables.get('') ?? none(entry);
    if (matches) {
      const pools = matches.names.map((name, own) => ({ ...ofMatch(all, matches, own), name }));
      return { pools, ofItem: matches.ofItem };
    }
    const values = await this.#valuesOf(k, entry, work);
    const own = [...values].flatMap(([value, texts]) => {
      const pool = tables.get(value);
      return pool ? [{ ...pool, name: texts.join(', '), values: texts }] : [];
    });
    return { pools: [all, ...own], ofItem: null };
  }

  /** The tables of an entry whose counts move with the day. The days are those of the groups in the extract. */
  async byDay(k: number, entry: PlanEntry, plan: StagePlan, windows: Windows, work: Work): Promise<DayTables> {
    const count = dailyCount(entry);
    if (count === null) throw new Error(`${entry.name} does not count by day`);
    const attributes = groupedBy(entry);
    const counts = await DayCounts.load(this.sampled, plan, windows, count, attributes, work);
    const tables = await this.#tables(k, entry, work);
    const values = await this.#valuesOf(k, entry, work);
    const pools: PoolItems[] = [];
    const keys: { period: number; value: number }[] = [];
    const ofAll = new Int32Array(counts.periods.length).fill(-1);
    const ofValues = new Map<string, Int32Array>();
    counts.periods.forEach((period, p) => {
      const add = (value: string, texts: readonly string[] | null): number => {
        const pool = tables.get(`${dayOf(period)}${separator}${value}`);
        if (!pool) return -1;
        const name = texts?.join(', ') ?? null;
        keys.push({ period: p, value: texts ? counts.values.findIndex((one) => same(one, texts)) : -1 });
        return pools.push({ ...pool, name, ...(texts ? { values: texts } : {}), before: beforeText(period) }) - 1;
      };
      ofAll[p] = add('', null);
      for (const [value, texts] of values) {
        const key = JSON.stringify(texts);
        const own = ofValues.get(key) ?? new Int32Array(counts.periods.length).fill(-1);
        own[p] = add(value, texts);
        ofValues.set(key, own);
      }
    });
    return {
      pools,
      ofItem: null,
      counts,
      keys,
      choice: new DayChoice(counts.days, attributes, ofAll, ofValues),
      groups: new Float64Array(pools.length),
    };
  }

  /** The items of an entry by the value of their table. */
  async #tables(k: number, entry: PlanEntry, work: Work): Promise<Map<string, PoolItems>> {
    const rows = await this.sampled.tables.columnar(
      `SELECT n.number, CAST(p.weight AS DOUBLE), p.value FROM ${this.pools} p JOIN ${itemNumbers} n ON n.item = p.item WHERE p.entry = ${k} ORDER BY p.value, n.number`,
      message('Reading the extract'),
      work,
    );
    const [items, weights, values] = [rows.unsigned(0), rows.numbers(1), rows.texts(2)];
    const tables = new Map<string, PoolItems>();
    for (let from = 0, to = 0; from < rows.rows; from = to) {
      while (to < rows.rows && values[to] === values[from]) to++;
      tables.set(values[from] ?? '', {
        ...none(entry),
        items: items.slice(from, to),
        ...(isWeighted(entry) ? { weights: weights.slice(from, to) } : {}),
      });
    }
    return tables;
  }

  /** The attributes of the users, by the value that the job gave them. */
  async #valuesOf(k: number, entry: PlanEntry, work: Work): Promise<Map<string, readonly string[]>> {
    const attributes = groupedBy(entry);
    const users = attributes.length === 0 ? null : this.sampled.users(attributes);
    if (users === null || this.owners === null) return new Map();
    const columns = attributes.map((name) => `u.${quoteIdentifier(textColumn(name))}`);
    const rows = await this.sampled.tables.columnar(
      `SELECT DISTINCT o.value, ${columns.join(', ')} FROM ${this.owners} o JOIN ${users} u ON u."user" = o."user" WHERE o.entry = ${k} ORDER BY o.value`,
      message('Reading the extract'),
      work,
    );
    const texts = attributes.map((_, n) => rows.texts(n + 1));
    return new Map(
      rows.texts(0).map((value, row) => [value ?? '', texts.map((column) => valueAt(column, row) ?? '')] as const),
    );
  }
}

/** SQL of the items of the pools of an extract; null without pools. */
export function extractedItems({ tables, data: { extract } }: SampledTables): string | null {
  return extract?.pools ? `(SELECT item FROM ${tables.table(extract.pools.ref).relation()})` : null;
}

function isWeighted({ draws }: PlanEntry): boolean {
  return draws.kind === 'pool' && draws.weight !== null;
}

function none(entry: PlanEntry): PoolItems {
  return { name: null, items: new Uint32Array(), weights: isWeighted(entry) ? new Float64Array() : null };
}

/** The items of a pool with one combination of attributes. */
function ofMatch(
  { items, weights }: PoolItems,
  { ofItem }: Matches,
  own: number,
): Pick<PoolItems, 'items' | 'weights'> {
  const places = Uint32Array.from(items.keys()).filter((place) => i32At(ofItem, u32At(items, place)) === own);
  return {
    items: places.map((place) => u32At(items, place)),
    weights: weights && Float64Array.from(places, (place) => f64At(weights, place)),
  };
}

/** The day before which a period counts, as the job names it: of groups after the cut, the day after it. */
function dayOf({ wall }: Period): number {
  const day = Math.floor(wall / microsecondsOfDay);
  return wall % microsecondsOfDay === 0 ? day : day + 1;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, k) => one === b[k]);
}
