import { quoteLiteral } from '../../sql/quote.ts';

/** SQL of the day of a time in a zone, as days since 1970. */
export function dayOf(time: string, timezone: string): string {
  const local = timezone === 'UTC' ? time : `((${time} AT TIME ZONE 'UTC') AT TIME ZONE ${quoteLiteral(timezone)})`;
  return `CAST(CAST(${local} AS DATE) - DATE '1970-01-01' AS INTEGER)`;
}
