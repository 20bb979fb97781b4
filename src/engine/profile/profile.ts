import { message } from '../../core/message/message.ts';
import { isFiltered, type Filter } from '../../core/table/filter.ts';
import type { ColumnProfile } from '../../core/table/profile.ts';
import type { ProfileDepth } from '../../protocol/engine.ts';
import type { Rows, Work } from '../database/connections.ts';
import { numberIn } from '../database/numberIn.ts';
import type { OpenDataset } from '../tables/openDataset.ts';
import { compileFilter } from '../sql/filter.ts';
import { BASE_WIDTH, baseSql, groupedBaseSql, readBase, type Base } from './base.ts';
import { readGrid, readLengths } from './grid.ts';
import { readGroups, type Grouped, type Run } from './groups.ts';
import { isVectorColumn, readDimensions, readList, readNorms, readTimeOrder } from './lists.ts';
import { columnTraits, type Subject, type ColumnTraits } from './trait.ts';
import type { LogicalType } from '../../core/table/type.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';

/** Columns per pass. */
const COLUMNS_AT_ONCE = 40;
/** Tables up to this size are counted exactly. */
const SMALL_ROWS = 1_000_000;
/**
 * For large tables: most distinct values (estimated) for which the table of values is built. Ids get a higher limit,
 * because their popularity matters most.
 */
const MAX_DISTINCT = 100_000;
const MAX_DISTINCT_IDS = 3_000_000;
/** Number of first rows from which columns with few distinct values are found, and what counts as few. */
const SAMPLE_ROWS = 65_536;
const FEW = 8_192;
/** The limit for ids if a full profile is requested. They are grouped in any case, unless there are millions. */
const FEW_IDS = SAMPLE_ROWS / 2;

/**
 * With more columns than this in a small table, each block is copied first. Otherwise every statement would process the
 * names of all columns.
 */
const WIDE = 200;
/** Most cells and columns of such a copy. Each copy processes the names of all columns again. */
const COPIED_CELLS = 40_000_000;
const MAX_COPIED = 400;

/** The parts of a profile beyond the base facts. */
type Picture = Omit<Grouped, 'top'> & Partial<Pick<Grouped, 'top'>>;

/** The picture of a column without values. */
const nothing: Picture = { quantiles: null, top: [], histogram: { kind: 'none' } };

let serial = 0;

/**
 * Profiles columns over the rows of a filter. Columns with few distinct values are grouped at once: all their facts
 * follow from the groups, and grouping few values is cheaper than estimating their number. The others share one pass
 * for the base facts.
 */
export async function profileColumns(
  dataset: OpenDataset,
  filter: Filter,
  subjects: readonly Subject[],
  depth: ProfileDepth,
  work: Work,
): Promise<ColumnProfile[]> {
  const readable = subjects.filter(({ column }) => column.type.kind !== 'unreadable');
  const profiles = await profileReadable(dataset, filter, readable, depth, work);
  return subjects.map((subject) => profiles[readable.indexOf(subject)] ?? unreadProfile(subject));
}

/** A profile without facts, for a column that cannot be read. */
function unreadProfile({ column: { name, type }, role }: Subject): ColumnProfile {
  return {
    name,
    type,
    role,
    rows: 0,
    nulls: 0,
    distinct: { value: 0, exact: false },
    min: null,
    max: null,
    mean: null,
    sd: null,
    quantiles: null,
    of: 'value',
    top: [],
    topExact: false,
    histogram: { kind: 'none' },
  };
}

async function profileReadable(
  dataset: OpenDataset,
  filter: Filter,
  subjects: readonly Subject[],
  depth: ProfileDepth,
  work: Work,
): Promise<ColumnProfile[]> {
  const traits = subjects.map((subject) => columnTraits(subject));
  const { columns, rows } = dataset.source.state();
  const where = isFiltered(filter) ? ` WHERE ${compileFilter(filter, columns)}` : '';
  const from = `${dataset.source.relation()}${where}`;
  const isSmall = rows !== null && rows <= SMALL_ROWS;
  const profiles: ColumnProfile[] = [];
  const isWide = isSmall && columns.length > WIDE;
  const size = isWide
    ? Math.max(COLUMNS_AT_ONCE, Math.min(MAX_COPIED, Math.floor(COPIED_CELLS / Math.max(1, rows))))
    : COLUMNS_AT_ONCE;
  const steps = Math.ceil(traits.length / size) + traits.length;
  let step = 0;
  const run: Run = async (sql) =>
    await dataset.connections.long(sql, message('Profiling columns'), {
      signal: work.signal,
      ...(work.progress
        ? {
            progress: (p) =>
              work.progress?.({ fraction: Math.min(1, (step + (p.fraction ?? 0)) / steps), message: p.message }),
          }
        : {}),
    });
  for (let at = 0; at < traits.length; at += size) {
    const block = traits.slice(at, at + size);
    const source = isWide ? await narrowed(run, from, block) : from;
    try {
      const empty = isWide ? await emptyBases(run, source, block) : new Map<ColumnTraits, Base>();
      const filled = block.filter((t) => !empty.has(t));
      step += empty.size;
      const scan: Scan = { dataset, run, from: source, rows: from, isSmall, isFiltered: where !== '', depth };
      const found = await profileBlock(scan, filled, () => step++);
      profiles.push(
        ...block.flatMap((t) => {
          const base = empty.get(t);
          return base === undefined
            ? (found[filled.indexOf(t)] ?? [])
            : profileOf(t, base, depth === 'base' ? null : nothing);
        }),
      );
    } finally {
      if (source !== from) await drop(dataset, source);
    }
  }
  return profiles;
}

/**
 * Base facts of the columns without values. Wide files have many of them, and each would otherwise need several
 * statements.
 */
async function emptyBases(run: Run, from: string, block: readonly ColumnTraits[]): Promise<Map<ColumnTraits, Base>> {
  const [[total, ...counts] = []] = await run(
    `SELECT ${['count(*)', ...block.map((t) => `count(${t.sql})`)].join(', ')} FROM ${from}`,
  );
  const rows = Number(total ?? 0);
  const base: Base = {
    rows,
    nulls: rows,
    distinct: { value: 0, exact: true },
    min: null,
    max: null,
    mean: null,
    sd: null,
    low: null,
    high: null,
    nan: 0,
    infinite: 0,
  };
  return new Map(block.flatMap((t, k) => (t.isScalar && Number(counts[k]) === 0 ? [[t, base] as const] : [])));
}

/** Creates a table with only the columns of a block. */
async function narrowed(run: Run, from: string, block: readonly ColumnTraits[]): Promise<string> {
  const table = `"@block${++serial}"`;
  await run(`CREATE TABLE ${table} AS SELECT ${block.map((t) => t.sql).join(', ')} FROM ${from}`);
  return table;
}

/** What the columns of a block have in common. */
interface Scan {
  readonly dataset: OpenDataset;
  readonly run: Run;
  /** SQL of the rows of the filter, and of the same rows with all columns. */
  readonly from: string;
  readonly rows: string;
  readonly isSmall: boolean;
  readonly isFiltered: boolean;
  readonly depth: ProfileDepth;
}

async function profileBlock(scan: Scan, block: readonly ColumnTraits[], done: () => void): Promise<ColumnProfile[]> {
  const { run, from, isSmall, depth } = scan;
  const few = isSmall ? new Set(block.filter((t) => t.isScalar)) : await ofFewValues(run, from, block, depth);
  const bases = await passOver(
    run,
    from,
    block.filter((t) => !few.has(t)),
  );
  done();
  const profiles: ColumnProfile[] = [];
  for (const t of block) {
    const base = bases.get(t);
    profiles.push(
      base === undefined || (depth !== 'base' && isGrouped(t, base))
        ? await grouped(scan, t, base)
        : await ungrouped(scan, t, base),
    );
    done();
  }
  return profiles;
}

/** Columns whose first rows hold few distinct values. A wrong guess only costs time. */
async function ofFewValues(
  run: Run,
  from: string,
  traits: readonly ColumnTraits[],
  depth: ProfileDepth,
): Promise<Set<ColumnTraits>> {
  const asked = traits.filter((t) => t.isScalar);
  if (asked.length === 0) return new Set();
  const [row = []] = await run(
    `SELECT ${['count(*)', ...asked.map((t) => `approx_count_distinct(${t.sql})`)].join(', ')} FROM (SELECT ${asked.map((t) => t.sql).join(', ')} FROM ${from} LIMIT ${SAMPLE_ROWS})`,
  );
  const isAll = numberIn(row) < SAMPLE_ROWS;
  return new Set(asked.filter((t, k) => isAll || numberIn(row, k + 1) <= (t.isId && depth !== 'base' ? FEW_IDS : FEW)));
}

/** The base facts of columns, from one pass over all rows. */
async function passOver(run: Run, from: string, traits: readonly ColumnTraits[]): Promise<Map<ColumnTraits, Base>> {
  if (traits.length === 0) return new Map();
  const [row = []] = await run(`SELECT ${['count(*)', ...traits.flatMap(baseSql)].join(', ')} FROM ${from}`);
  const rows = numberIn(row);
  return new Map(
    traits.map((t, k) => [t, readBase(rows, row.slice(1 + k * BASE_WIDTH, 1 + (k + 1) * BASE_WIDTH), false)]),
  );
}

function isGrouped(t: ColumnTraits, base: Base): boolean {
  if (!t.isScalar) return false;
  return base.rows <= SMALL_ROWS || base.distinct.value <= (t.isId ? MAX_DISTINCT_IDS : MAX_DISTINCT);
}

/**
 * A profile from the table of all values and their counts. `base` contains the base facts if a pass has computed them.
 */
async function grouped(
  { dataset, run, from, depth }: Scan,
  t: ColumnTraits,
  base: Base | undefined,
): Promise<ColumnProfile> {
  const table = `"@group${++serial}"`;
  await run(`CREATE TABLE ${table} AS SELECT ${t.sql} AS v, count(*) AS n FROM ${from} GROUP BY ${t.sql}`);
  try {
    const [[rows, ...facts] = []] = await run(groupedBaseSql(t, table));
    const exact = readBase(Number(rows ?? 0), facts, true);
    return profileOf(
      t,
      base === undefined ? exact : { ...base, distinct: exact.distinct },
      depth === 'base' ? null : await readGroups(run, table, t, exact),
    );
  } finally {
    await drop(dataset, table);
  }
}

/** Without the caller's signal, because a cancelled profile must not leave its table in memory. */
async function drop(dataset: OpenDataset, table: string): Promise<void> {
  await dataset.connections.rows(`DROP TABLE IF EXISTS ${table}`).catch((): Rows => []);
}

/** A profile without a table of all values. */
async function ungrouped(scan: Scan, t: ColumnTraits, base: Base): Promise<ColumnProfile> {
  const { run, from, depth } = scan;
  if (t.type.kind === 'list') return await ofLists(scan, t, base);
  const profile = profileOf(t, base, depth === 'base' ? null : await pictureOf(run, from, t, base));
  if (depth !== 'nested' || t.type.kind !== 'struct') return profile;
  return { ...profile, fields: await fieldProfiles(scan, t) };
}

async function pictureOf(run: Run, from: string, t: ColumnTraits, base: Base): Promise<Picture> {
  if (t.isId) return { quantiles: null, histogram: { kind: 'none' } };
  if (t.isNumber || t.isTemporal) return await readGrid(run, from, t, base);
  return t.ofLength ? await readLengths(run, from, t) : { quantiles: null, histogram: { kind: 'none' } };
}

async function ofLists(
  { run, from, rows, isFiltered, depth }: Scan,
  t: ColumnTraits,
  base: Base,
): Promise<ColumnProfile> {
  const hasGaps = isFiltered || base.nulls > 0;
  const list = await readList(run, from, t, hasGaps, rows);
  if (depth === 'base') return { ...profileOf(t, base, null), list };
  const { full, ...lengths } = await readLengths(run, from, t);
  const isVector = isVectorColumn(t, list);
  const histogram = isVector ? await readNorms(run, from, t, list, hasGaps) : lengths.histogram;
  const profile = {
    ...profileOf(t, base, { ...lengths, histogram }),
    list,
    steps: { full, order: await readTimeOrder(run, from, t) },
  };
  if (depth !== 'nested' || !isVector) return profile;
  return { ...profile, dimensions: await readDimensions(run, from, t, list, base.rows - base.nulls) };
}

async function fieldProfiles(scan: Scan, t: ColumnTraits): Promise<NonNullable<ColumnProfile['fields']>> {
  const fields = fieldsOf(t.type);
  const shown = fields.slice(0, MAX_FIELDS);
  if (shown.length === 0) return { total: 0, list: [] };
  const flat = flatFields(t, shown, scan.from);
  const list = await profileBlock({ ...scan, from: flat.from, depth: 'whole' }, flat.traits, () => undefined);
  return { total: fields.length, list };
}

function profileOf(t: ColumnTraits, base: Base, picture: Picture | null): ColumnProfile {
  const { rows, nulls, distinct, min, max, mean, sd, nan, infinite } = base;
  return {
    name: t.column.name,
    type: t.type,
    role: t.role,
    rows,
    nulls,
    distinct,
    min,
    max,
    mean,
    sd,
    quantiles: picture?.quantiles ?? null,
    of: t.ofLength ? 'length' : 'value',
    top: picture?.top ?? [],
    topExact: picture?.top !== undefined,
    histogram: picture?.histogram ?? { kind: 'none' },
    ...(t.type.kind === 'float' ? { notFinite: { nan, infinite } } : {}),
  };
}

/** Most fields of a struct that are profiled, as each costs as much as a column. */
const MAX_FIELDS = 100;

interface Field {
  readonly path: readonly string[];
  readonly type: LogicalType;
}

/** The fields of a struct; an inner struct is replaced by its fields. Fields without a name cannot be read by name. */
function fieldsOf(type: LogicalType, path: readonly string[] = []): Field[] {
  if (type.kind !== 'struct') return [{ path, type }];
  return type.fields.flatMap(({ name, type: inner }) => (name === '' ? [] : fieldsOf(inner, [...path, name])));
}

/** The fields as columns of a relation. A field of a NULL struct is NULL. */
function flatFields(
  { sql }: ColumnTraits,
  fields: readonly Field[],
  from: string,
): { readonly from: string; readonly traits: readonly ColumnTraits[] } {
  const columns = fields.map(({ path }, k) => {
    const value = path.reduce((outer, name) => `struct_extract(${outer}, ${quoteLiteral(name)})`, sql);
    return `${value} AS ${fieldColumn(k)}`;
  });
  return {
    from: `(SELECT ${columns.join(', ')} FROM ${from})`,
    traits: fields.map(({ path, type }, k) =>
      columnTraits({ column: { name: path.join('.'), type }, role: null }, fieldColumn(k)),
    ),
  };
}

const fieldColumn = (place: number): string => quoteIdentifier(`field ${place}`);
