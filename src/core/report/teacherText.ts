import { message, type Message } from '../message/message.ts';
import { printable } from '../message/printable.ts';
import type { TeacherCoverage } from '../sampling/drawn.ts';
import { formatCount, formatPercent } from '../table/format.ts';

/** How many rows have a value of the teacher: positives, then each entry that has trusted rows. */
export function teacherParts(coverage: readonly TeacherCoverage[]): Message[] {
  return coverage
    .filter(({ entry, trusted }) => entry === null || trusted > 0)
    .map(({ entry, trusted, known }) =>
      message(
        '{0} {1} of {2}',
        entry === null ? message('positives') : printable(entry),
        formatPercent(trusted === 0 ? 0 : known / trusted),
        formatCount(trusted),
      ),
    );
}
