import { refuse } from '../../../core/message/failure.ts';
import { message } from '../../../core/message/message.ts';
import type { AskedTable } from '../../../protocol/askedTable.ts';
import { misplacedRows } from '../../tables/misplacedRows.ts';
import type { Work } from '../../database/connections.ts';
import type { SampledTables } from '../sampledTables.ts';

type Timed = AskedTable<never, 'time'>;

/**
 * Checks the folders that are read.
 * @throws FailureError if a row is more than a day away from the day of its folder: rows of folders that are not read
 * could be missing
 */
export async function refuseMisplaced({ tables, data, timezone }: SampledTables, work: Work): Promise<void> {
  const { log, candidates, passedCandidates, rejections } = data;
  const declared: readonly (Timed | undefined)[] = [
    log.impressions,
    ...(log.clicks ?? []),
    candidates ?? passedCandidates,
    rejections,
  ];
  for (const asked of declared) {
    const { time } = asked?.columns ?? {};
    if (!asked?.days || time === undefined) continue;
    const rows = misplacedRows(tables.table(asked.ref), { ...asked, columns: { time } }, asked.days.column, timezone);
    if (rows === null) continue;
    const [example] = await tables.rows(`SELECT folder, "time@text" FROM ${rows} ORDER BY 1, 2 LIMIT 1`, work);
    if (!example) continue;
    const [folder, text] = example.map(String);
    throw refuse(
      'misplaced-day',
      message(
        'A row of the folder {0} has the time {1}, more than a day away from that day',
        `${asked.days.column}=${folder ?? ''}`,
        text ?? '',
      ),
      {
        place: { path: asked.ref.path, column: time.name },
        advice: message('Correct the folder, or remove partition from the config: then all folders are read.'),
      },
    );
  }
}
