import type { Example } from '../data/facts.ts';
import { message } from '../message/message.ts';
import type { FindingDetail } from './finding.ts';

/** Affected rows, one line each. */
export function exampleRows(examples: readonly Example[]): FindingDetail[] {
  return examples.map((row) => ({
    ...message(
      'For example {0}',
      Object.entries(row)
        .map(([column, value]) => `${column} = ${value}`)
        .join(', '),
    ),
    row,
  }));
}
