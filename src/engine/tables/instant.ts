import { refuse } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { isUnixTime, maxMicroseconds } from '../../core/table/epoch.ts';
import { noTimeUnit } from '../../core/table/noTimeUnit.ts';
import { typeName, type LogicalType } from '../../core/table/type.ts';
import { quoteLiteral } from '../sql/quote.ts';

/** SQL of a time as TIMESTAMP in UTC: its first and its last microsecond. They differ when only the day is known. */
export interface Instant {
  readonly from: string;
  readonly to: string;
}

const microseconds = { s: 1_000_000, ms: 1000, us: 1 } as const;
/** How a text time with a time zone ends, after the minutes: `Z`, `+08:00`, `-0500`. */
const zoneEnd = ':[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)? *(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)$';

/** How to read a time, and where it comes from. */
interface TimeAsked {
  readonly unit?: 's' | 'ms' | 'us' | undefined;
  readonly timezone: string;
  readonly name: string;
  readonly path?: string;
  /** Local days from the start of a day to the end of the period that it names. Default: 1. */
  readonly days?: number;
  /** True for the times of features: they round up, and 20261120 is a day. */
  readonly isVersion?: boolean;
}

/** A day without dashes, as folders may have it, with dashes. */
const dashed = (text: string): string => `regexp_replace(${text}, '^(\\d{4})(\\d{2})(\\d{2})$', '\\1-\\2-\\3')`;

/**
 * Converts a column or a literal to an instant. Times without a zone are in `timezone`. Numbers need a unit. Texts are
 * ISO 8601; a text that is not a time fails the statement, so a wrong time never changes a count.
 * @throws FailureError `bad-request` for a type that holds no time
 */
export function instantOf(expression: string, type: LogicalType, asked: TimeAsked): Instant {
  const { unit, timezone, name, path, days = 1, isVersion = false } = asked;
  const utc = (local: string): string =>
    timezone === 'UTC' ? local : `((${local} AT TIME ZONE ${quoteLiteral(timezone)}) AT TIME ZONE 'UTC')`;
  const dayEnd = (day: string): string => `(${utc(`(${day} + INTERVAL ${days} DAY)`)} - INTERVAL 1 MICROSECOND)`;
  const roundedUp = (time: string, isFiner: string): string =>
    isVersion ? `(${time} + CASE WHEN ${isFiner} THEN INTERVAL 1 MICROSECOND ELSE INTERVAL 0 MICROSECOND END)` : time;
  switch (type.kind) {
    case 'timestamp': {
      const micros = type.unit === 'us' ? expression : `CAST(${expression} AS TIMESTAMP)`;
      const local = type.unit === 'ns' ? roundedUp(micros, `CAST(${micros} AS TIMESTAMP_NS) <> ${expression}`) : micros;
      const at = type.zoned ? `(${expression} AT TIME ZONE 'UTC')` : utc(local);
      return { from: at, to: at };
    }
    case 'date': {
      const day = `CAST(${expression} AS TIMESTAMP)`;
      return { from: utc(day), to: dayEnd(day) };
    }
    case 'integer':
    case 'float': {
      if (!isUnixTime(type)) break;
      if (unit === undefined && isVersion && type.kind === 'integer')
        return instantOf(`CAST(${expression} AS VARCHAR)`, { kind: 'string' }, asked);
      if (unit === undefined) throw noTimeUnit(name, path);
      const at = `make_timestamp(${type.kind === 'integer' ? `CAST(${expression} AS BIGINT) * ${microseconds[unit]}` : roundedSql(expression, microseconds[unit])})`;
      return { from: at, to: at };
    }
    case 'string':
    case 'enum': {
      const plain = `CAST(${expression} AS VARCHAR)`;
      const text = isVersion ? dashed(plain) : plain;
      const zoned = `regexp_matches(${text}, '${zoneEnd}')`;
      const time = `CASE WHEN ${zoned} THEN CAST(${text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' ELSE ${utc(`CAST(${text} AS TIMESTAMP)`)} END`;
      const at = roundedUp(`(${time})`, `regexp_matches(${text}, '[.,][0-9]{6}0*[1-9]')`);
      return {
        from: at,
        to: `(CASE WHEN strlen(${text}) <= 10 THEN ${dayEnd(`CAST(${text} AS TIMESTAMP)`)} ELSE ${at} END)`,
      };
    }
    default:
  }
  throw refuse(
    'time-type',
    message('column {0} has the type {1}, which cannot represent times', name, typeName(type)),
    {
      place: path === undefined ? undefined : { path, column: name },
      advice: message('Times are timestamps, dates, ISO 8601 strings, or numbers with a unit.'),
    },
  );
}

/**
 * Microseconds of a double in a unit, rounded half up as in Spark jobs. NULL for NaN, and beyond `mostMicroseconds`.
 */
function roundedSql(expression: string, scale: number): string {
  const double = (value: number): string => `CAST('${value}' AS DOUBLE)`;
  return `CASE WHEN abs(${expression}) < ${double(maxMicroseconds / scale)} THEN CAST(floor(${expression} * ${double(scale)} + ${double(0.5)}) AS BIGINT) END`;
}
