import { columnsOfEvent, partsOfEvent } from '../../../config/eventConditions.ts';
import type { ConfigPath } from '../../../config/tree.ts';
import type { DatasetName } from '../../../config/definition/data.ts';
import { columnNamed, type KnownDataset } from '../../../data/columnKinds.ts';
import { comparisonProblem, comparisonsOf } from '../../../data/comparison.ts';
import { datasetEntry, datasetPath } from '../../../data/dataColumns.ts';
import { tablesOfEvent } from '../../../data/eventTables.ts';
import { exposureSteps } from '../../../config/historyRules.ts';
import { sequencesOf } from '../../../data/sequences.ts';
import type { ColumnComparison, Where } from '../../../source/where.ts';
import { changed } from '../../examples/example.ts';
import { datasetNeeds, knownDatasets } from '../../datasetNeeds.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

export const comparisonType = defineRule({
  id: 'schema/comparison-type',
  kind: 'schema',
  severity: 'error',
  stages: 'document',
  options: {},
  needs: (context) => datasetNeeds(context),
  *check(context): Iterable<Report> {
    const files = new Map(knownDatasets(context));
    for (const { compared, dataset, path } of comparedColumns(context, files)) {
      const facts = dataset === undefined ? undefined : files.get(dataset);
      const column = facts && columnNamed(facts, compared.column);
      const problem = column && comparisonProblem(compared, column);
      if (problem)
        yield {
          at: path,
          message: problem.message,
          ...(problem.advice ? { details: [problem.advice] } : {}),
        };
    }
  },
  docs: {
    summary: 'A condition compares a column with a value of another type',
    why: `A condition of \`events\` or \`where\` compares a column with a value, and both need the same type. \`seven\`
is not a value of an integer column.

A text column has no order of numbers: the text \`12\` comes before the text \`7\`. So \`op: ">="\` with the number 7
would choose the wrong rows. Parquet files have types. One text such as \`n/a\` makes a column of a CSV file a text
column. Folder names, such as \`dt=20261120\`, are texts too. If a column of CSV or JSON Lines files has no value, no
row passes the comparison.

\`=\` and \`!=\` compare a text with the digits as written.`,
    source: 'DuckDB compares values in this way.',
    wrong: {
      text: changed('recall', ['value: 7}', 'value: seven}']),
      reportedAt: 'seven',
    },
    right: { text: changed('recall') },
  },
});

interface Compared {
  readonly compared: ColumnComparison;
  /** The data set with the column, if its columns are known. */
  readonly dataset: DatasetName | undefined;
  readonly path: ConfigPath;
}

function* comparedColumns(
  { config, stages }: Pick<RuleContext, 'config' | 'stages'>,
  files: ReadonlyMap<DatasetName, KnownDataset>,
): Iterable<Compared> {
  // Other tables may have some of the columns, with other types.
  const tableWith = (event: string): DatasetName | undefined => {
    const columns = columnsOfEvent(event, config);
    return tablesOfEvent(event, config).find((table) => {
      const facts = files.get(table);
      return facts !== undefined && columns.length > 0 && columns.every((name) => columnNamed(facts, name));
    });
  };
  for (const event of Object.keys(config.events ?? {})) {
    const dataset = tableWith(event);
    for (const { name, path, compared } of partsOfEvent(event, config))
      if (compared) yield { compared: { column: name, ...compared }, dataset, path: [...path.slice(0, -1), 'value'] };
  }
  const inWhere = function* (where: Where, dataset: DatasetName, owner: ConfigPath): Iterable<Compared> {
    for (const comparison of comparisonsOf(where))
      yield { compared: comparison, dataset, path: [...owner, 'where', ...comparison.path] };
  };
  for (const dataset of files.keys()) {
    const { where } = datasetEntry(config, dataset) ?? {};
    if (where) yield* inWhere(where, dataset, datasetPath(dataset));
  }
  for (const { name: sequence, events, where } of sequencesOf(config))
    for (const dataset of new Set(events.map(({ name }) => (name === exposureSteps ? 'impressions' : tableWith(name)))))
      if (dataset) yield* inWhere(where, dataset, ['output', 'sequences', sequence]);
  for (const { options, path } of stages.flatMap(({ entries }) => entries)) {
    const where = options['where'];
    if (typeof where === 'object' && where !== null && !Array.isArray(where))
      yield* inWhere(where as Where, 'items', path);
  }
}
