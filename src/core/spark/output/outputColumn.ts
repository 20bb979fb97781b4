import type { ColumnOwner } from '../../data/columnOwner.ts';
import type { OutputRole } from '../../data/outputName.ts';
import type { LogicalType } from '../../table/type.ts';
import type { Sources } from '../inputs/sources.ts';
import type { Expression, SqlType } from '../../relation/tree.ts';

/** A column of the result: its value for a row, and the type of that value. */
export interface OutputColumn {
  readonly name: string;
  readonly owner: ColumnOwner;
  readonly value: Expression;
  readonly type: LogicalType;
  /** True if its value is a list that the rows of a group share: it is joined to the groups, if they are rows. */
  readonly isShared?: true;
}

const integer = (bits: 8 | 16 | 32 | 64): LogicalType => ({ kind: 'integer', bits, signed: true });
const types: Readonly<Record<SqlType, LogicalType>> = {
  BOOLEAN: { kind: 'boolean' },
  TINYINT: integer(8),
  SMALLINT: integer(16),
  INT: integer(32),
  BIGINT: integer(64),
  DOUBLE: { kind: 'float', bits: 64 },
  STRING: { kind: 'string' },
  DATE: { kind: 'date' },
  TIMESTAMP: { kind: 'timestamp', unit: 'us', zoned: true },
  TIMESTAMP_NTZ: { kind: 'timestamp', unit: 'us', zoned: false },
};

/** The type of a label of `output.events`, or of the grade. */
export function outcomeType(name: string): LogicalType {
  return name === 'grade' ? types.DOUBLE : types.TINYINT;
}

/** The type of a column of RecSample. */
export function roleType(sources: Sources, role: OutputRole, value: Expression): LogicalType {
  if (value.kind === 'cast' && typeof value.type === 'string') return types[value.type];
  const log = sources.required('impressions');
  switch (role) {
    case 'user':
    case 'item':
      return log.isInteger(role) ? types.BIGINT : types.STRING;
    case 'positive_item':
      return log.isInteger('item') ? types.BIGINT : types.STRING;
    case 'request': {
      const source = log.hasRole('request') ? log : sources.required('candidates');
      return source.isInteger('request') ? types.BIGINT : types.STRING;
    }
    case 'position':
      return log.typeOf(log.role('position').name);
    case 'source':
    case 'entry':
      return types.STRING;
    case 'label':
      return types.TINYINT;
    case 'draw':
      return types.INT;
    case 'group_id':
      return types.BIGINT;
    case 'time':
      return types.TIMESTAMP;
    default:
      return types.DOUBLE;
  }
}
