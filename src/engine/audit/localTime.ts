import { quoteLiteral } from '../sql/quote.ts';

/** SQL of a time in UTC as local time. */
export function localSql(time: string, timezone: string): string {
  return timezone === 'UTC' ? time : `((${time} AT TIME ZONE 'UTC') AT TIME ZONE ${quoteLiteral(timezone)})`;
}
