import { missingOf, requestedIn } from '../sampling/requested.ts';
import type { SampleSummary } from '../sampling/sampleSummary.ts';
import { formatBytes, formatCount, formatDuration } from '../table/format.ts';
import { message, type Message } from '../message/message.ts';

/**
 * One line for a notification about a written file: `recall.parquet: 376,696 rows, 5.88 MB, 16.2 s`, and the shortfall.
 */
export function sampleLine(name: string, { rows, bytes, entries, notices, milliseconds }: SampleSummary): Message {
  const written = message(
    '{0}: {1} rows, {2}, {3}',
    name,
    formatCount(rows),
    formatBytes(bytes),
    formatDuration(milliseconds.total),
  );
  const requested = requestedIn(entries);
  // What refill moves to another entry is requested of both.
  const missing = entries.reduce((sum, entry) => sum + missingOf(entry) - (entry.refilled ?? 0), 0);
  const short =
    missing === 0
      ? written
      : message('{0}. Shortfall: {1} of {2} negatives', written, formatCount(missing), formatCount(requested));
  if (notices.length === 0) return short;
  return notices.length === 1
    ? message('{0}. {1}', short, notices[0] ?? '')
    : message('{0}. {1} notices are in the report', short, notices.length);
}
