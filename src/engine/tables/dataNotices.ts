import { message, type Message } from '../../core/message/message.ts';
import type { BadRow, Notice } from '../../core/table/dataset.ts';
import { formatCount } from '../../core/table/format.ts';
import type { Work } from '../database/connections.ts';
import type { Source } from '../source/source.ts';

/** Notices that change which rows are counted or drawn. Rows that do not fit are reported separately. */
const changing: ReadonlySet<Notice['code']> = new Set(['skipped-files', 'invalid-utf8', 'counts-differ']);

/**
 * What a reader of all rows must know about how a data set was parsed. For example, a row without its last field
 * becomes an exposure without its click, and no one would notice.
 * @param path of the data set, as the config refers to it
 */
export async function dataNotices(source: Source, path: string, work: Work): Promise<Message[]> {
  const { notices } = await source.settle(work);
  const {
    total,
    list: [first],
  } = await source.badRows(1, work);
  return [
    ...(first === undefined ? [] : [misfits(total, first)]),
    ...notices
      .filter(({ code, severity }) => severity !== 'info' && changing.has(code))
      .map((notice) => message('{0}: {1}', path, notice.message)),
  ];
}

function misfits(total: number, { path, line, reason }: BadRow): Message {
  return total === 1
    ? message(
        '1 row does not fit the others: {0}, line {1} ({2}). Missing values count as NULL, missing events as not happened. Write the file again.',
        path,
        line,
        reason,
      )
    : message(
        '{0} rows do not fit the others. The first is at {1}, line {2} ({3}). Missing values count as NULL, missing events as not happened. Write the file again.',
        formatCount(total),
        path,
        line,
        reason,
      );
}
