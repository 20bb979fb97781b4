import { message } from '../../core/message/message.ts';
import type { Notice } from '../../core/table/dataset.ts';
import type { Connections, Work } from '../database/connections.ts';
import type { Candidate } from '../text/infer.ts';
import type { TextReader } from '../text/reader.ts';
import { COLUMNS_AT_ONCE } from '../text/typing.ts';

/** Notices about columns of digits that stay text, because a number would lose digits. */
export async function integerNotices(
  connections: Connections,
  table: string,
  reader: TextReader,
  types: readonly (Candidate | null)[],
  work: Work,
): Promise<Notice[]> {
  const texts = types.flatMap((type, k) =>
    type === null && reader.candidates(k).some((candidate) => candidate.name === 'int64') ? [k] : [],
  );
  const digits: unknown[] = [];
  for (let from = 0; from < texts.length; from += COLUMNS_AT_ONCE) {
    const tests = texts
      .slice(from, from + COLUMNS_AT_ONCE)
      .map((k) => `coalesce(bool_and(regexp_full_match(c${k}, '[-+]?[0-9]+')), false)`);
    const [found = []] = await connections.rows(`SELECT ${tests.join(', ')} FROM ${table}`, work);
    digits.push(...found);
  }
  return texts
    .filter((_, k) => digits[k] === true)
    .map((k) => ({
      severity: 'info',
      code: 'ids-as-text',
      message: message(
        'Column {0} is shown as text: a 64-bit integer cannot keep its digits (leading zeros or more than 19 digits)',
        reader.names[k] ?? '',
      ),
    }));
}
