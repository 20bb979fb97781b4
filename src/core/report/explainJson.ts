import {
  count,
  defined,
  described,
  dictionary,
  documentText,
  flag,
  lines,
  list,
  nullable,
  number,
  oneOf,
  optional,
  record,
  text,
  type ValueOf,
} from '../json/codec.ts';
import type { PairExplanation, PairRow } from '../sampling/answers.ts';
import type { PairEntry, PairInBatch } from '../sampling/drawn.ts';
import { nullReasons, type PassedValues } from '../sampling/passedValues.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { pairHistoriesCodec } from './sequenceJson.ts';
import {
  amount,
  batchOrder,
  copiedColumn,
  copiedFromOf,
  countedTable,
  drawn,
  drawnOf,
  id,
  itemPercentile,
  label,
  labelsOf,
  leftOut,
  log,
  logqMode,
  outcomeLabels,
  percentileOf,
  source,
  table,
  tableOf,
  time,
} from './commonCodecs.ts';

const entryCodec = defined(
  'entry',
  record({
    name: text,
    source,
    membership: nullable(record({ groups: count, smallestLogQ: log, largestLogQ: log })),
    refused: described(
      record({ positive: count, excluded: count, ineligible: count, absent: count }),
      'Groups that cannot take it, by reason.',
    ),
    inHistory: optional(
      described(flag, "True: the entry excludes the item because it is in the user's history (exclude.history)."),
    ),
    dayCounts: optional(
      described(
        list(record({ before: countedTable.before, count, groups: count, value: countedTable.value })),
        'popularity with as_of: day: what each table that the groups draw from counts of the item.',
      ),
    ),
    expected: amount,
    drawnIn: list(
      record({
        key: text,
        time,
        draw: count,
        keptBy: optional(
          described(text, 'The entry whose row of the item is in the file. This draw is not, because of distinct.'),
        ),
        table: optional(table),
      }),
    ),
  }),
);

const correction = defined('correction', record({ groups: count, smallest: number, largest: number }));

const rowCodec = defined(
  'row',
  record({
    key: described(text, 'Key of its group; parts are separated by U+001F.'),
    time,
    label,
    entry: described(nullable(text), 'Name in the mix; null for positives.'),
    draw: nullable(count),
    teacher: optional(
      record({
        value: nullable(number),
        from: oneOf('candidates', 'impressions'),
        side: oneOf('candidate', 'exposure'),
        nullReason: nullable(oneOf(...nullReasons)),
      }),
    ),
    labels: optional(outcomeLabels),
    passed: optional(
      list(
        record({
          ...copiedColumn,
          value: described(nullable(text), 'Exact text; null for NULL.'),
          nullReason: described(nullable(oneOf(...nullReasons)), 'Why the value is null; else null.'),
          source: described(
            nullable(
              record({
                time: described(nullable(time), 'Null if the data set has no time.'),
                key: described(dictionary(nullable(text)), 'What identifies the row, by role.'),
              }),
            ),
            'The row of the data set that gave the value; null without one.',
          ),
        }),
      ),
    ),
  }),
);

/** The output of `recsample explain --format json`. */
export const explainOutput = record(
  {
    ...drawn,
    user: record({ id, known: flag, groups: count, leftOut: optional(leftOut) }),
    item: record({
      id,
      known: described(flag, 'Whether the item is in the corpus; only then it has the other keys.'),
      created: optional(nullable(time)),
      removed: optional(nullable(time)),
      title: optional(nullable(text)),
      attributes: optional(dictionary(nullable(text))),
      percentile: optional(itemPercentile),
    }),
    history: lines(
      record({
        event: described(text, 'impressions, or the name of an event.'),
        times: count,
        first: time,
        last: time,
      }),
    ),
    positiveIn: described(count, 'Groups in which it is a positive.'),
    leftOut: optional(leftOut),
    entries: lines(entryCodec),
    expected: amount,
    drawn: count,
    inBatch: optional(
      described(
        record({
          order: batchOrder,
          times: described(count, 'Positives of the item, of all users.'),
          positives: described(count, 'All positives of all users.'),
          groups: described(count, 'Groups of the user that have it as a negative with this seed.'),
          drawn: described(count, 'How often in total.'),
          expected: described(amount, 'How often on average over all shuffled orders.'),
          logQ: described(log, "Of the item's share of all positives; null without one."),
        }),
        'If the config has training.in_batch: the item as a negative that the trainer makes, apart from what is written.',
      ),
    ),
    sequences: optional(pairHistoriesCodec),
    logq: optional(
      described(
        record({
          mode: logqMode,
          negative: described(nullable(correction), 'In groups in which it can be a negative.'),
          positive: described(nullable(correction), 'In groups in which it is a positive.'),
          logQBatch: optional(
            described(log, "With training.in_batch: log of the item's share of the train positives."),
          ),
        }),
        'If the config has training.logq: logq_correction of the item over the groups of the user.',
      ),
    ),
    rows: optional(
      described(
        lines(rowCodec),
        'Rows of the item that the file has for the user; only if the file has copied columns or a teacher.',
      ),
    ),
  },
  'block',
);

/** Why an item is, or is not, a negative of a user, as JSON text. Never localised. */
export function explainJson(
  plan: StagePlan,
  pair: { readonly user: string; readonly item: string },
  explanation: PairExplanation,
): string {
  const { user, item, entries, inBatch, sequences, corrections, rows, passed } = explanation;
  return documentText(explainOutput, {
    ...explanation,
    ...drawnOf(plan),
    user: { id: pair.user, ...user },
    item: {
      id: pair.item,
      known: item !== null,
      ...(item && { ...item, percentile: percentileOf(item.percentile) }),
    },
    entries: entries.map(entryOf),
    inBatch: inBatch && { ...inBatch, logQ: shareLogOf(inBatch) },
    sequences: sequences?.map(({ sequence, ...counts }) => [sequence.name, counts] as const),
    logq: plan.logq && corrections && { mode: plan.logq, ...corrections },
    rows: rows?.map((row) => rowOf(plan, row, passed)),
  });
}

function shareLogOf({ times, positives }: PairInBatch): number | null {
  return times === 0 ? null : Math.log(times / positives);
}

function entryOf(entry: PairEntry): ValueOf<typeof entryCodec> {
  return {
    ...entry,
    inHistory: entry.isPast,
    dayCounts: entry.dayCounts?.map(({ pool, ...counts }) => ({ ...counts, value: pool })),
    drawnIn: entry.drawnIn.map(({ key, time, draw, keptBy, ...from }) => ({
      key,
      time,
      draw,
      keptBy,
      table: tableOf(from),
    })),
  };
}

function rowOf(
  plan: StagePlan,
  { teacher, teacherReason, outcomes, passed = [], ...row }: PairRow,
  values: PassedValues | undefined,
): ValueOf<typeof rowCodec> {
  return {
    ...row,
    teacher: plan.teacher && {
      value: teacher ?? null,
      from: plan.teacher.from,
      side: plan.teacher.from === 'candidates' ? 'candidate' : 'exposure',
      nullReason: teacherReason ?? null,
    },
    labels: labelsOf(plan, outcomes),
    passed: values?.columns.map((column, k) => {
      const cell = passed[k];
      const origin = cell?.source === null || cell === undefined ? undefined : values.sources[cell.source];
      return {
        name: column.name,
        ...copiedFromOf(column),
        value: cell?.value ?? null,
        nullReason: cell?.reason ?? null,
        source: origin ?? null,
      };
    }),
  };
}
