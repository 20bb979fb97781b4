import { message, type Message } from '../../core/message/message.ts';
import { holdsType } from '../../core/table/holdsKind.ts';
import type { Notice } from '../../core/table/dataset.ts';
import { typeName, unreadableMessage, type LogicalType } from '../../core/table/type.ts';
import type { Connections, Rows, Work } from './connections.ts';
import { numberIn } from './numberIn.ts';
import { quoteIdentifier, quoteLiteral, quotePath } from '../sql/quote.ts';
import type { SourceColumn } from './sourceColumn.ts';
import { twinFields } from './twinNames.ts';

/** Digits of the widest decimal type of DuckDB. */
export const MAX_PRECISION = 38;

const MARK = 'unreadable column: ';
const NUL = String.fromCharCode(0);

/**
 * Marks the columns of a Parquet file that DuckDB cannot read exactly. Decimals with more digits than DuckDB supports
 * come out multiplied, a time of day in a VARIANT can end the process, and SQL cannot have names with a NUL character.
 * `columns`: as DuckDB describes them, in the order of the file. The result has the names of the file: DuckDB renames
 * those that it does not distinguish. `isNarrowed`: DuckDB reads the column with fewer digits than the file has, as
 * nanoseconds with a zone and INT96, which become microseconds.
 */
export async function markUnreadable(
  connections: Connections,
  path: string,
  columns: readonly SourceColumn[],
  work: Work,
): Promise<{ readonly columns: SourceColumn[]; readonly isNarrowed: readonly boolean[] }> {
  const nodes = await connections.rows(
    `SELECT name, num_children, CASE WHEN converted_type = 'DECIMAL' OR logical_type LIKE 'DecimalType%' THEN precision END, scale, type = 'INT96' OR logical_type LIKE 'TimestampType(isAdjustedToUTC=1%NANOS=NanoSeconds%' FROM parquet_schema(${quotePath(path)}) ORDER BY column_id`,
    work,
  );
  const subtrees = subtreesOf(nodes);
  const marked = columns.map((column, k) => {
    const all = subtrees[k] ?? [];
    const name = String(all[0]?.[0] ?? column.name).replaceAll(NUL, '␀');
    const type = unreadableType(all, column.type);
    return type === null ? { ...column, name } : { ...column, name, type, sqlType: 'VARCHAR' };
  });
  return { columns: marked, isNarrowed: subtrees.map((all) => all.some((node) => node[4] === true)) };
}

/** Reports the columns that are read with fewer digits than the files have. `names`: of the columns */
export function narrowedNotices(names: ReadonlySet<string>): Notice[] {
  return [...names].map((name) => ({
    severity: 'warning',
    code: 'limit',
    message: message('Column {0} is stored in nanoseconds but read in microseconds. Finer digits are cut off', name),
  }));
}

/** Reports the columns that are not read. */
export function unreadableNotices(columns: readonly SourceColumn[]): Notice[] {
  return columns
    .flatMap((column) => unreadableMessage(column) ?? [])
    .map((text) => ({ severity: 'warning', code: 'limit', message: text }));
}

/** Why a column with a date or time that DuckDB cannot hold is not read. `value`: as stored */
export function outOfRangeReason(value: string): Message {
  return message('it has the date or time {0}, which is out of range', value);
}

/** SQL that replaces an unreadable column: every use of it fails. */
export function unreadableSql(column: Pick<SourceColumn, 'name' | 'type'>): string {
  return `CAST(error(${quoteLiteral(unreadableMark(column))}) AS VARCHAR) AS ${quoteIdentifier(column.name)}`;
}

/** The text of an error from which `unreadableColumnOf` finds the column. */
export function unreadableMark({ name, type }: Pick<SourceColumn, 'name' | 'type'>): string {
  return MARK + JSON.stringify([name, type]);
}

/** The unreadable column that a DuckDB error is about; null if it is about something else. */
export function unreadableColumnOf(error: string): Pick<SourceColumn, 'name' | 'type'> | null {
  const at = error.indexOf(MARK);
  if (at < 0) return null;
  const [json = ''] = error.slice(at + MARK.length).split('\n', 1);
  const [name, type] = JSON.parse(json) as [string, LogicalType];
  return { name, type };
}

function unreadableType(nodes: Rows, type: LogicalType): LogicalType | null {
  if (nodes.some(([name]) => String(name).includes(NUL))) {
    return {
      kind: 'unreadable',
      name: typeName(type),
      reason: message('its name, or the name of one of its fields, contains a NUL character'),
    };
  }
  if (holdsType(type, (part) => part.kind === 'other' && part.name === 'VARIANT')) {
    return { kind: 'unreadable', name: typeName(type), reason: message('the times in variants would not be exact') };
  }
  const twins = twinsWithin(nodes);
  if (twins !== null) return { kind: 'unreadable', name: typeName(type), reason: twins };
  const wide = nodes.find(([, , precision]) => Number(precision ?? 0) > MAX_PRECISION);
  if (wide === undefined) return null;
  const decimal = `decimal(${Number(wide[2])}, ${numberIn(wide, 3)})`;
  return {
    kind: 'unreadable',
    name: nodes.length === 1 ? decimal : `${type.kind}<… ${decimal} …>`,
    reason: message('decimals of more than {0} digits would not be exact', MAX_PRECISION),
  };
}

/** Why a column is not read because of the names of its fields; null if DuckDB distinguishes them. */
function twinsWithin(nodes: Rows): Message | null {
  const [root] = nodes;
  if (root === undefined || numberIn(root, 1) === 0) return null;
  const fields = subtreesOf(nodes);
  const names = fields.map(([field]) => String(field?.[0]));
  return twinFields(names) ?? fields.reduce<Message | null>((found, field) => found ?? twinsWithin(field), null);
}

/** The schema nodes of each field of the first node. The schema lists every node before its children. */
function subtreesOf(nodes: Rows): Rows[] {
  const subtrees: Rows[] = [];
  for (let at = 1; at < nodes.length;) {
    const from = at;
    for (let open = 1; open > 0 && at < nodes.length; at++) open += numberIn(nodes[at], 1) - 1;
    subtrees.push(nodes.slice(from, at));
  }
  return subtrees;
}
