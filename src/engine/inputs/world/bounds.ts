import { message } from '../../../core/message/message.ts';
import type { Period } from '../../../core/sampling/plan/stagePlan.ts';
import type { Work } from '../../database/connections.ts';
import { instantOf } from '../../tables/instant.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import type { SampledTables } from '../sampledTables.ts';
import { microseconds, type Bounds } from './within.ts';

const always: Bounds = { from: -Infinity, to: Infinity };

/** First and last microsecond of a period of the config. */
export async function boundsOf(
  { tables, timezone }: SampledTables,
  period: Period | null,
  work: Work,
): Promise<Bounds> {
  if (period === null) return always;
  const end = (text: string | undefined, which: 'from' | 'to'): string =>
    text === undefined
      ? 'NULL'
      : microseconds(instantOf(quoteLiteral(text), { kind: 'string' }, { timezone, name: 'window' })[which]);
  const row = await tables.columnar(
    `SELECT ${end(period.from, 'from')}, ${end(period.to, 'to')}`,
    message('Reading the log'),
    work,
  );
  const [from = NaN] = row.numbers(0);
  const [to = NaN] = row.numbers(1);
  return { from: Number.isNaN(from) ? -Infinity : from, to: Number.isNaN(to) ? Infinity : to };
}
