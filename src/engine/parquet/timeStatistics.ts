import { integerOf, readCompact, structOf, structsOf, struct, structs, writeCompact } from './compactStruct.ts';
import type { CompactStruct, CompactValue } from './compactStruct.ts';

/** Field ids in parquet.thrift. */
const file = { schema: 2, rowGroups: 4 } as const;
const element = { name: 4, children: 5, converted: 6, logical: 10 } as const;
const chunk = { metadata: 3 } as const;
const metadata = { values: 5, statistics: 12 } as const;
const statistics = { oldMax: 1, oldMin: 2, nulls: 3, max: 5, min: 6 } as const;
const boundFields = [statistics.oldMax, statistics.oldMin, statistics.max, statistics.min];
const rowGroup = { columns: 1 } as const;
const logical = { date: 6, time: 7, timestamp: 8 } as const;
const time = { isUtc: 1, unit: 2 } as const;

const units: Readonly<Record<number, TimeLeaf['unit']>> = { 1: 'ms', 2: 'us', 3: 'ns' };
/** Old types, which are in UTC. */
const convertedLeaves: ReadonlyMap<number, TimeLeaf> = new Map([
  [6, { kind: 'date', unit: 'ms', isUtc: false }],
  [7, { kind: 'time', unit: 'ms', isUtc: true }],
  [8, { kind: 'time', unit: 'us', isUtc: true }],
  [9, { kind: 'timestamp', unit: 'ms', isUtc: true }],
  [10, { kind: 'timestamp', unit: 'us', isUtc: true }],
]);

const INT32_MAX = 2n ** 31n - 1n;
const INT64_MAX = 2n ** 63n - 1n;
/** Earliest time of DuckDB in microseconds. */
const FIRST_US = -9_223_372_022_400_000_000n;
const DAY = { ms: 86_400_000n, us: 86_400_000_000n, ns: 86_400_000_000_000n } as const;
/** Last day whose microseconds fit 64 bits; the first one has the same number. */
const LAST_DAY = 106_751_991n;

/** How a leaf of the schema stores dates or times. */
export interface TimeLeaf {
  readonly kind: 'date' | 'time' | 'timestamp';
  readonly unit: 'ms' | 'us' | 'ns';
  readonly isUtc: boolean;
}

/** Statistics in the footer of a Parquet file about a top-level column of dates or times. */
export interface TimeColumn {
  readonly name: string;
  /** In the order of the schema; null for leaves that are neither. */
  readonly leaves: readonly (TimeLeaf | null)[];
  /** A bound that DuckDB cannot hold exactly, as the file stores it. */
  readonly outOfRange: bigint | null;
  /** True if every row group with values has bounds. */
  readonly isBounded: boolean;
}

export interface TimeStatistics {
  /** Statistics by position of the top-level column. */
  readonly columns: ReadonlyMap<number, TimeColumn>;
  /**
   * A footer without the bounds that are out of range; null if there are none. DuckDB prints bounds before it checks
   * them: one time of day out of range ends the process.
   */
  readonly cleaned: Uint8Array | null;
}

/**
 * Reads the statistics of dates and times in a footer.
 * @throws RangeError if it is not a footer
 */
export function timeStatistics(footer: Uint8Array): TimeStatistics {
  const fields = readCompact(footer);
  const leaves = leavesOf(structsOf(fields, file.schema));
  const columns = columnsOf(leaves);
  const groups = (fields.has(file.rowGroups) ? structsOf(fields, file.rowGroups) : []).map((group) => {
    const chunks = structsOf(group, rowGroup.columns).map((one, k) => {
      const { top, leaf } = leaves[k] ?? { top: -1, leaf: null };
      const column = columns.get(top);
      if (leaf === null || column === undefined) return one;
      const stored = structOf(one, chunk.metadata);
      const { values, isWhole } = boundsOf(stored, leaf);
      if (!isWhole) column.isBounded = false;
      const wrong = values.find((value) => !isInRange(value, leaf));
      if (wrong === undefined) return one;
      column.outOfRange ??= wrong;
      return changed(one, chunk.metadata, struct(withoutBounds(stored)));
    });
    return changed(group, rowGroup.columns, structs(chunks));
  });
  const isCleaned = [...columns.values()].some(({ outOfRange }) => outOfRange !== null);
  return { columns, cleaned: isCleaned ? writeCompact(changed(fields, file.rowGroups, structs(groups))) : null };
}

/** `top`, `name`: position and name of the top-level column. */
interface Leaf {
  readonly top: number;
  readonly name: string;
  readonly leaf: TimeLeaf | null;
}

function nameOf(one: CompactStruct): string {
  const name = one.get(element.name);
  return name && 'value' in name && name.value instanceof Uint8Array ? new TextDecoder().decode(name.value) : '';
}

/** The leaves of a schema. */
function leavesOf(elements: readonly CompactStruct[]): Leaf[] {
  const leaves: Leaf[] = [];
  let top = -1;
  let name = '';
  /** Elements of the current top-level column that are still to come. */
  let open = 0;
  for (const one of elements.slice(1)) {
    if (open === 0) {
      top++;
      name = nameOf(one);
      open = 1;
    }
    const children = one.has(element.children) ? Number(integerOf(one, element.children)) : 0;
    open += children - 1;
    if (children === 0) leaves.push({ top, name, leaf: leafOf(one) });
  }
  return leaves;
}

function leafOf(one: CompactStruct): TimeLeaf | null {
  const [[id, value] = []] = one.has(element.logical) ? structOf(one, element.logical) : [];
  if (id === logical.date) return { kind: 'date', unit: 'ms', isUtc: false };
  if ((id === logical.time || id === logical.timestamp) && value !== undefined && 'fields' in value) {
    const [unit = 0] = structOf(value.fields, time.unit).keys();
    return {
      kind: id === logical.time ? 'time' : 'timestamp',
      unit: units[unit] ?? 'ns',
      isUtc: value.fields.get(time.isUtc)?.type === 1,
    };
  }
  return one.has(element.converted) ? (convertedLeaves.get(Number(integerOf(one, element.converted))) ?? null) : null;
}

type OpenColumn = { name: string; leaves: (TimeLeaf | null)[]; outOfRange: bigint | null; isBounded: boolean };

function columnsOf(leaves: readonly Leaf[]): Map<number, OpenColumn> {
  const columns = new Map<number, OpenColumn>();
  for (const { top, name, leaf } of leaves) {
    const column = columns.get(top) ?? { name, leaves: [], outOfRange: null, isBounded: true };
    column.leaves.push(leaf);
    columns.set(top, column);
  }
  return new Map([...columns].filter(([, column]) => column.leaves.some((leaf) => leaf !== null)));
}

/** The bounds of a column chunk. `isWhole`: false if it has values but not both bounds. */
function boundsOf(
  stored: CompactStruct,
  { kind, unit }: TimeLeaf,
): { readonly values: readonly bigint[]; readonly isWhole: boolean } {
  const values = integerOf(stored, metadata.values);
  const own = stored.has(metadata.statistics) ? structOf(stored, metadata.statistics) : new Map<number, CompactValue>();
  const width = kind === 'date' || (kind === 'time' && unit === 'ms') ? 4 : 8;
  const found = new Map(
    boundFields.flatMap((id) => {
      const value = own.get(id);
      if (value === undefined || !('value' in value) || !(value.value instanceof Uint8Array)) return [];
      const { buffer, byteOffset, byteLength } = value.value;
      if (byteLength !== width) return [];
      const view = new DataView(buffer, byteOffset, byteLength);
      return [[id, width === 4 ? BigInt(view.getInt32(0, true)) : view.getBigInt64(0, true)] as const];
    }),
  );
  const isEmpty = values === 0n || (own.has(statistics.nulls) && integerOf(own, statistics.nulls) === values);
  const isBounded =
    (found.has(statistics.min) && found.has(statistics.max)) ||
    (found.has(statistics.oldMin) && found.has(statistics.oldMax));
  return { values: [...found.values()], isWhole: isBounded || isEmpty };
}

/** True if DuckDB holds a stored value exactly. */
function isInRange(value: bigint, { kind, unit, isUtc }: TimeLeaf): boolean {
  switch (kind) {
    case 'time':
      return value >= 0n && value <= DAY[unit];
    case 'date':
      // The two ends of 32 bits are infinite for DuckDB, which writes them back unchanged.
      return (value >= -LAST_DAY && value <= LAST_DAY) || value === INT32_MAX || value === -INT32_MAX;
    case 'timestamp':
      if (unit === 'ms') return value >= FIRST_US / 1000n && value <= INT64_MAX / 1000n;
      // The two ends of the microseconds are infinite for DuckDB, which writes them back unchanged.
      if (unit === 'us') return value >= FIRST_US || value === -INT64_MAX;
      // Nanoseconds with a zone become microseconds, rounded towards 1970, and the last one becomes infinite.
      return isUtc ? value >= 0n && value < INT64_MAX : value >= -INT64_MAX;
  }
}

function withoutBounds(stored: CompactStruct): CompactStruct {
  const kept = [...structOf(stored, metadata.statistics)].filter(([id]) => !boundFields.some((bound) => bound === id));
  return changed(stored, metadata.statistics, struct(new Map(kept)));
}

function changed(fields: CompactStruct, id: number, value: CompactValue): CompactStruct {
  return new Map([...fields, [id, value]]);
}
