import { message } from '../../../message/message.ts';
import { datasetPath } from '../../../data/dataColumns.ts';
import { changed } from '../../examples/example.ts';
import { files, impressionColumns } from '../../examples/files.ts';
import { knownDatasets, datasetNeeds } from '../../datasetNeeds.ts';
import { defineRule, type Report } from '../../rule.ts';

export const partitionTypes = defineRule({
  id: 'schema/partition-types',
  kind: 'schema',
  severity: 'warning',
  stages: 'document',
  options: {},
  needs: (context) => datasetNeeds(context),
  *check(context): Iterable<Report> {
    for (const [name, { unevenPartitions }] of knownDatasets(context)) {
      if (unevenPartitions.length === 0) continue;
      yield {
        at: [...datasetPath(name), 'path'],
        message: message(
          'The folders differ in {0}: its values are of different kinds, or only some files have it',
          unevenPartitions.join(', '),
        ),
      };
    }
  },
  docs: {
    summary: 'The folders of a partitioned data set have partition values of different types',
    why: `In \`dt=2026-11-20/hour=7\` the folder names are columns, and every reader guesses their types from all
values. One folder \`dt=20261120\` among days, or \`hour=all\` among numbers, makes the column a string everywhere.
Comparisons with days and numbers then fail, or compare letters. Files next to the partitions have no value at all, and
neither do files of another table that the glob matches.

A value is a whole number, a day such as \`2026-11-20\`, or anything else; these are the three kinds. NULL partitions
fit every kind.`,
    source: 'The convention of Hive, which Spark, DuckDB and Arrow follow.',
    wrong: {
      text: changed('recall', ['../data/impressions/dt=*/*.parquet', '../data/**/*.parquet']),
      reportedAt: '../data/**/*.parquet',
      // The glob matches the items too.
      datasets: {
        impressions: files(`${impressionColumns} city:string category:string`, { unevenPartitions: ['dt'], files: 14 }),
      },
      // The items have no clicks.
      answers: { 'label-values': { columns: [], events: [{ event: 'click', rows: 13_565, unknown: 7565 }] } },
      companions: ['schema/label-domain', 'schema/pass-through-table'],
    },
    right: { text: changed('recall') },
  },
});
