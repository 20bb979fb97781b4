import { partsOfEvent } from '../../../config/eventConditions.ts';
import type { ConfigPath } from '../../../config/tree.ts';
import type { DatasetName } from '../../../config/definition/data.ts';
import { columnNamed } from '../../../data/columnKinds.ts';
import { comparisonProblem, comparisonsOf, type ComparedColumn } from '../../../data/comparison.ts';
import { datasetEntry, datasetPath } from '../../../data/dataColumns.ts';
import { tablesOfEvent } from '../../../data/eventTables.ts';
import type { Where } from '../../../source/where.ts';
import { changed } from '../../examples/example.ts';
import { files, impressionColumns } from '../../examples/files.ts';
import { datasetNeeds, knownDatasets } from '../../datasetNeeds.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

const texts = { impressions: files(impressionColumns.replace('play_time:double', 'play_time:string')) };

export const comparisonType = defineRule({
  id: 'schema/comparison-type',
  kind: 'schema',
  severity: 'error',
  stages: 'document',
  options: {},
  needs: (context) => datasetNeeds(context),
  *check(context): Iterable<Report> {
    const known = new Map(knownDatasets(context));
    for (const { compared, datasets, path } of comparedColumns(context)) {
      const column = datasets
        .map((dataset) => known.get(dataset))
        .map((facts) => facts && columnNamed(facts, compared.column))
        .find((found) => found !== undefined);
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
is no value of a column of integers.

A column of texts has no order of numbers: the text \`12\` comes before the text \`7\`. So \`op: ">="\` with the number
7 would choose the wrong rows. One text such as \`n/a\` in a column of a CSV file makes it a column of texts, and so
does a column without any value. Parquet files have types. \`=\` and \`!=\` compare the text with the digits as written.`,
    source: 'How DuckDB compares values; no number is involved.',
    wrong: {
      text: changed('recall', ['value: 7}', 'value: seven}']),
      reportedAt: 'seven',
    },
    right: { text: changed('recall') },
    valid: [
      { text: changed('recall', ['value: 7}', 'value: "7"}']), datasets: texts },
      { text: changed('recall', ['op: ">=", value: 7}', 'op: "=", value: 7}']), datasets: texts },
    ],
    invalid: [
      { text: changed('recall'), datasets: texts, reportedAt: '7', after: 'op: ">=", value: ' },
      {
        text: changed('recall', ['where: {status: online}', 'where: {status: {op: ">", value: 3}}']),
        reportedAt: '3',
        after: 'op: ">", value: ',
      },
      {
        text: changed('recall', [
          'global_random: 0.2',
          'global_random: {share: 0.2, where: {created_at: [2026-11-01, soon]}}',
        ]),
        reportedAt: '[2026-11-01, soon]',
      },
    ],
  },
});

interface Compared {
  readonly compared: ComparedColumn;
  /** The data sets that may have the column. */
  readonly datasets: readonly DatasetName[];
  readonly path: ConfigPath;
}

function* comparedColumns({ config, facts, stages }: RuleContext): Iterable<Compared> {
  for (const event of Object.keys(config.events ?? {})) {
    const datasets = tablesOfEvent(event, config);
    for (const { name, path, compared } of partsOfEvent(event, config))
      if (compared) yield { compared: { column: name, ...compared }, datasets, path: [...path.slice(0, -1), 'value'] };
  }
  const inWhere = function* (where: Where, dataset: DatasetName, owner: ConfigPath): Iterable<Compared> {
    for (const one of comparisonsOf(where))
      yield { compared: one, datasets: [dataset], path: [...owner, 'where', ...one.path] };
  };
  for (const [dataset] of knownDatasets({ config, facts })) {
    const { where } = datasetEntry(config, dataset) ?? {};
    if (where) yield* inWhere(where, dataset, datasetPath(dataset));
  }
  for (const { options, path } of stages.flatMap(({ entries }) => entries)) {
    const where = options['where'];
    if (typeof where === 'object' && where !== null && !Array.isArray(where))
      yield* inWhere(where as Where, 'items', path);
  }
}
