import type { JsonValue } from '../../json/jsonValue.ts';
import { namedUnknownCounts } from '../../sampling/unknownCounts.ts';
import { dayText } from '../../table/day.ts';

/** The counts of impressions without a known label, from the rows of a job. */
export function unknownOf(rows: readonly JsonValue[]): Record<string, number> {
  return namedUnknownCounts(
    rows.map((one) => ({
      event: one.at('event').text(),
      day: dayText(one.at('day').number()),
      impressions: one.at('impressions').count(),
    })),
  );
}
