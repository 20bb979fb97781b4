import { partsOfEvent } from '../../../config/eventConditions.ts';
import type { ConfigPath } from '../../../config/tree.ts';
import { message } from '../../../message/message.ts';
import { typeName } from '../../../table/type.ts';
import { columnNamed, itemType } from '../../../data/columnKinds.ts';
import { dataColumns, flagRoles } from '../../../data/dataColumns.ts';
import { tablesOfEvent } from '../../../data/eventTables.ts';
import { changed } from '../../examples/example.ts';
import { files, impressionColumns } from '../../examples/files.ts';
import type { DatasetFacts } from '../../../data/facts.ts';
import { knownDatasets, datasetNeeds } from '../../datasetNeeds.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { ownValue } from '../../../ownValue.ts';

export const labelDomain = defineRule({
  id: 'schema/label-domain',
  kind: 'schema',
  severity: 'error',
  stages: 'document',
  options: {},
  needs: (context) => datasetNeeds(context),
  *check(context): Iterable<Report> {
    for (const { name, path, facts } of flagColumns(context)) {
      const column = columnNamed(facts, name);
      if (!column) continue;
      const type = itemType(column.type);
      const { min = '0', max = '1' } = ownValue(facts.ranges, name) ?? {};
      if (type.kind !== 'boolean' && type.kind !== 'integer')
        yield {
          at: path,
          message: message(
            'Column {0} has the type {1}; it must be boolean, or contain 0 and 1',
            name,
            typeName(column.type),
          ),
        };
      else if (type.kind === 'integer' && (BigInt(min) < 0n || BigInt(max) > 1n))
        yield {
          at: path,
          message: message('Column {0} has values from {1} to {2}; it must contain only 0 and 1', name, min, max),
        };
    }
  },
  docs: {
    summary: 'A label, an event or `viewed` is neither boolean nor 0 and 1',
    why: `A label that is a rating, a number of seconds or a string is neither positive nor negative by itself. Every
reader draws the line somewhere else. Say where the line is: as an event with a condition,
\`long_play: {column: play_time, op: ">=", value: 7}\`, or as a column of 0 and 1.

The rule checks the type. If the files contain the smallest and largest value (Parquet), it also checks these.`,
    source: 'The definition of a binary label; no number is involved.',
    wrong: {
      text: changed('recall', ['click: is_click', 'click: play_time']),
      reportedAt: 'play_time',
      after: 'click: ',
    },
    right: { text: changed('recall') },
    valid: [
      {
        text: changed('recall'),
        datasets: {
          impressions: files(impressionColumns, {
            ranges: { is_click: { min: '0', max: '1' }, is_viewed: { min: 'false', max: 'true' } },
          }),
        },
      },
      {
        text: changed('recall'),
        datasets: { impressions: files(impressionColumns, { ranges: { is_click: { min: '0', max: '0' } } }) },
      },
    ],
    invalid: [
      {
        text: changed('recall'),
        datasets: { impressions: files(impressionColumns, { ranges: { is_click: { min: '0', max: '5' } } }) },
        reportedAt: 'is_click',
      },
      {
        text: changed('recall'),
        datasets: { impressions: files(impressionColumns, { ranges: { is_click: { min: '-1', max: '1' } } }) },
        reportedAt: 'is_click',
      },
      {
        text: changed(
          'recall',
          ['label: label', 'label: log_q'],
          ['log_q: log_q', 'draw: draw'],
          [', draw: draw, draw', ', draw'],
        ),
        reportedAt: 'log_q',
      },
      { text: changed('recall', ['viewed: is_viewed', 'viewed: ts']), reportedAt: 'ts', after: 'viewed: ' },
    ],
  },
});

interface FlagColumn {
  readonly name: string;
  readonly path: ConfigPath;
  readonly facts: Extract<DatasetFacts, { state: 'known' }>;
}

function* flagColumns(context: Pick<RuleContext, 'config' | 'facts'>): Iterable<FlagColumn> {
  const known = knownDatasets(context);
  for (const [dataset, facts] of known) {
    for (const { role, name, path } of dataColumns(context.config, dataset))
      if (flagRoles.some((flag) => flag === role)) yield { name, path, facts };
  }
  for (const event of Object.keys(context.config.events ?? {})) {
    const tables = tablesOfEvent(event, context.config);
    for (const { name, path, isFlag } of partsOfEvent(event, context.config)) {
      if (!isFlag) continue;
      const facts = known.find(([dataset, log]) => tables.includes(dataset) && columnNamed(log, name))?.[1];
      if (facts) yield { name, path, facts };
    }
  }
}
