import { removePair, setValue } from '../../../config/edits.ts';
import type { ConfigDocument } from '../../../config/document.ts';
import type { TextFix } from '../../../config/problem.ts';
import type { ConfigPath } from '../../../config/tree.ts';
import { written } from '../../../config/written.ts';
import { columnNamed } from '../../../data/columnKinds.ts';
import { historyKind } from '../../../table/historyKind.ts';
import { historyProblem } from '../../../table/historyProblem.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { historiesIn } from '../../histories.ts';
import { defineRule, type Report } from '../../rule.ts';

/** The exclusion of the example with a history. */
export const withHistory = (history: string): readonly [string, string] => [
  'exclude: {events: [click]',
  `exclude: {history: ${history}, events: [click]`,
];

export const historyColumn = defineRule({
  id: 'schema/history-column',
  kind: 'schema',
  severity: 'error',
  stages: 'document',
  options: {},
  needs: (context) =>
    historiesIn(context.stages).length > 0 && context.config.data?.impressions
      ? datasetNeeds(context, ['impressions'])
      : [],
  *check({ stages, facts, document }): Iterable<Report> {
    const file = facts.dataset('impressions');
    if (file?.state !== 'known') return;
    for (const { history, path } of historiesIn(stages)) {
      const column = history.column === undefined ? undefined : columnNamed(file, history.column);
      // `schema/column-missing` reports a missing column; a separator that is not valid has a finding of its own.
      if (!column || (history.separator === undefined && document.has([...path, 'separator']))) continue;
      const problem = historyProblem(column, { column: column.name, separator: history.separator ?? null });
      if (problem === null) continue;
      const kind = historyKind(column.type);
      const at = [...path, kind === 'list' ? 'separator' : 'column'];
      yield {
        at,
        message: problem,
        fixes:
          kind === 'text'
            ? [' ', ','].map((separator) => separatorFix(document, path, separator))
            : kind === 'list'
              ? [{ title: message('Remove {0}', 'separator'), changes: removePair(document, at), safe: false }]
              : [],
      };
    }
  },
  docs: {
    summary: 'The column of `exclude.history` has no ids, or its separator is wrong',
    why: `\`exclude.history\` keeps the past items of a user out of the negatives. The log has them in one column: as a
text such as \`N123 N456\`, or as a list. A text needs the separator between two ids. A list needs no separator.

With another separator no id is found, so nothing is excluded: the user's past clicks become negatives. The reports of
\`preview\` and \`sample\` show how many ids are not items.`,
    source: 'A fact about the files.',
    wrong: {
      text: changed('recall', withHistory('{column: play_time, separator: " "}')),
      reportedAt: 'play_time',
      after: 'history: {column: ',
    },
    right: { text: changed('recall') },
  },
});

function separatorFix(document: ConfigDocument, path: ConfigPath, separator: string): TextFix {
  return {
    title: message('Set the separator to {0}', JSON.stringify(separator)),
    changes: setValue(document, [...path, 'separator'], written(separator, document.language)),
    safe: false,
  };
}
