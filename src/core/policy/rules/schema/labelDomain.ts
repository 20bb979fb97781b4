import { message } from '../../../message/message.ts';
import { typeName } from '../../../table/type.ts';
import { columnNamed, itemType } from '../../../data/columnKinds.ts';
import type { Column } from '../../../table/dataset.ts';
import { flagColumns, type FlagColumn } from '../../../data/flagColumns.ts';
import type { Answers } from '../../../data/facts.ts';
import { changed } from '../../examples/example.ts';
import { unknownNames } from '../../../config/eventConditions.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { defineRule, type Report } from '../../rule.ts';
import { ownValue } from '../../../ownValue.ts';

export const labelDomain = defineRule({
  id: 'schema/label-domain',
  kind: 'schema',
  severity: 'error',
  stages: 'document',
  options: {},
  needs: (context) => {
    const [stage] = context.stages;
    const tableNeeds = datasetNeeds(context);
    // Types are checked without reading the rows, too. Texts cannot be counted as flags.
    const flags = [...flagColumns(context)];
    const isText = flags.some(({ name, facts }) => columnNamed(facts, name)?.type.kind === 'string');
    const positives = context.stages.flatMap(({ draft }) => Object.keys(draft.positives?.events ?? {}));
    const isCountable = !isText && (flags.length > 0 || unknownNames(positives, context.config).length > 0);
    return context.facts.level !== 'data' || stage === undefined || !context.config.data?.impressions || !isCountable
      ? tableNeeds
      : [...tableNeeds, { question: { kind: 'label-values', stage: stage.name } }];
  },
  *check(context): Iterable<Report> {
    const [stage] = context.stages;
    const answer = stage && context.facts.answer({ kind: 'label-values', stage: stage.name });
    const { columns, events } = answer && 'value' in answer ? answer.value : { columns: [], events: [] };
    for (const flag of flagColumns(context)) {
      const counted = columns.find(({ dataset, column }) => dataset === flag.dataset && column === flag.name);
      const column = columnNamed(flag.facts, flag.name);
      if (column) yield* domainProblem(flag, column, counted);
    }
    for (const { event, rows, unknown } of events) if (unknown > 0) yield unknownRows(event, rows, unknown);
  },
  docs: {
    summary: 'A label, an event or `viewed` is neither boolean nor 0 and 1, or is often missing',
    why: `A label that is a rating, a number of seconds or a string is neither positive nor negative by itself. Every
reader would choose another threshold. Set it in the config: as an event with a condition, \`long_play: {column:
play_time, op: ">=", value: 7}\`, or as a column of 0 and 1.

The rule checks the type. If the files contain the smallest and largest value (Parquet), it also checks these. With
\`--facts data\`, it reads the values of files of every format.

It then also counts the rows whose NULL or NaN makes a positive event unknown. Such impressions are neither positives
nor negatives. From 1 % of the rows on, this is a warning, below it an info. If your log writes nothing where nothing
happened, write \`unknown: negative\`.`,
    source: 'The definition of a binary label.',
    wrong: {
      text: changed('recall', ['click: is_click', 'click: play_time']),
      reportedAt: 'play_time',
      after: 'click: ',
    },
    right: { text: changed('recall') },
  },
});

/** Why a column is no flag. `counted`: of its rows, if they were read. */
function* domainProblem(
  { name, path, facts }: FlagColumn,
  column: Column,
  counted: Answers['label-values']['columns'][number] | undefined,
): Iterable<Report> {
  const type = itemType(column.type);
  const isWhole = type.kind === 'boolean' || type.kind === 'integer';
  // Missing values make a column of doubles of 0 and 1.
  if (!isWhole && !(type.kind === 'float' && counted?.others === 0)) {
    yield {
      at: path,
      message: message(
        'Column {0} has the type {1}; it must be boolean, or contain 0 and 1',
        name,
        typeName(column.type),
      ),
      ...(type.kind === 'string'
        ? { details: [message('Write a condition on its texts: {0}.', `{column: ${name}, op: "=", value: …}`)] }
        : {}),
    };
    return;
  }
  const { min = '0', max = '1' } = counted && counted.others > 0 ? counted : (ownValue(facts.ranges, name) ?? {});
  if (type.kind === 'integer' && ((counted?.others ?? 0) > 0 || BigInt(min) < 0n || BigInt(max) > 1n))
    yield {
      at: path,
      message: message('Column {0} has values from {1} to {2}; it must contain only 0 and 1', name, min, max),
    };
}

/** Below this share of the rows, dropped impressions are only mentioned. */
const NOTABLE_SHARE = 0.01;

function unknownRows(event: string, rows: number, unknown: number): Report {
  return {
    at: ['events', event],
    severity: unknown / rows < NOTABLE_SHARE ? 'info' : 'warning',
    message: message(
      '{0} of {1} rows have no value that decides {2}; these impressions are dropped',
      unknown,
      rows,
      event,
    ),
    details: [message('If a missing value means that the event did not happen, write {0}.', 'unknown: negative')],
  };
}
