import { setValue } from '../../../config/edits.ts';
import { written } from '../../../config/written.ts';
import { dataColumn, datasetEntry, datasetPath, datasetsByDay } from '../../../data/dataColumns.ts';
import { folderColumns, folderProblem } from '../../../data/folderProblem.ts';
import { message } from '../../../message/message.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { suggestIn } from '../../suggestions.ts';

const path = 'path: ../data/impressions/dt=*/*.parquet\n';
export const withPartition = (partition: string): string =>
  changed('recall', [path, `${path}    partition: ${partition}\n`]);

export const partitionDay = defineRule({
  id: 'schema/partition-day',
  kind: 'schema',
  severity: 'error',
  stages: 'document',
  options: {},
  needs: (context) =>
    datasetNeeds(
      context,
      datasetsByDay(context.config).map(({ dataset }) => dataset),
    ),
  *check(context): Iterable<Report> {
    for (const declared of datasetsByDay(context.config)) {
      yield* folder(declared, context);
      const { dataset } = declared;
      if (dataColumn(context.config, dataset, 'time') === undefined)
        yield {
          at: [...datasetPath(dataset), 'partition', 'day_of'],
          message: message('data.{0} has no column {1}', dataset, 'time'),
        };
    }
  },
  docs: {
    summary: 'A partition by day names a column that no folder has, or there is no time',
    why: `\`partition: {column: dt, day_of: time}\` declares that the folder \`dt=2026-11-20\` has the rows of that
day. Sampling then reads only the folders that the stage can use. \`column\` is a name before the \`=\` of the folders,
not a column inside the files. The day is that of the role \`time\` in the \`timezone\` of the config, so
\`columns.time\` must be there.`,
    source: 'The convention of Hive for names of folders.',
    wrong: {
      text: withPartition('{column: day, day_of: time}'),
      reportedAt: 'day',
      after: 'partition: {column: ',
    },
    right: { text: withPartition('{column: dt, day_of: time}') },
  },
});

/** Checks that the column is one of the folder names. */
function* folder(
  { dataset, column }: ReturnType<typeof datasetsByDay>[number],
  context: RuleContext,
): Iterable<Report> {
  const file = context.facts.dataset(dataset);
  // A Spark table shows no folders.
  if (file?.state !== 'known' || datasetEntry(context.config, dataset)?.table !== undefined) return;
  const problem = folderProblem(dataset, column, file);
  if (problem === null) return;
  const folders = folderColumns(file);
  const at = [...datasetPath(dataset), 'partition', 'column'];
  const near = suggestIn(context, column, () => folders) ?? (folders.length === 1 ? folders[0] : null) ?? null;
  yield {
    at,
    message: problem,
    fixes:
      near === null
        ? []
        : [
            {
              title: message('Change to {0}', near),
              changes: setValue(context.document, at, written(near, context.document.language)),
              safe: false,
            },
          ],
  };
}
