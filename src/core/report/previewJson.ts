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
  scalar,
  share,
  text,
  type ValueOf,
} from '../json/codec.ts';
import { ownValue } from '../ownValue.ts';
import type { Preview, SamplingFacts } from '../sampling/answers.ts';
import type { EffectiveShares, InBatchGroup, PreviewRow } from '../sampling/drawn.ts';
import { shortfallCauses } from '../sampling/kernel/rows.ts';
import { teacherCoverage } from '../sampling/lock/sampleLock.ts';
import { gradeOf } from '../sampling/outcomes.ts';
import {
  nullReasons,
  type NullReason,
  type PassedCell,
  type PassedValues,
  type ShownColumn,
} from '../sampling/passedValues.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import {
  amount,
  batchOrder,
  copiedColumn,
  copiedFromOf,
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
import { inBatchShare } from './inBatchText.ts';
import { historiesCodec, historiesOf } from './sequenceJson.ts';
import { shownNulls } from './nullTexts.ts';
import { valueAt } from '../valueAt.ts';

const rowCodec = defined(
  'row',
  record({
    item: id,
    label,
    source: nullable(source),
    entry: described(nullable(text), 'Name in the mix; null for positives.'),
    draw: described(nullable(count), 'Rank within its group and entry, from 0; null for positives and exposures.'),
    logQ: log,
    logQMix: log,
    logqCorrection: optional(
      described(
        nullable(number),
        'With training.logq: what the trainer subtracts from the logit; null if no entry of the group can draw the item.',
      ),
    ),
    logQBatch: optional(
      described(
        log,
        "With training.logq and training.in_batch: log of the item's share of the train positives; null if it has none.",
      ),
    ),
    logqCorrectionBatch: optional(
      described(
        nullable(number),
        'Positives with training.logq and training.in_batch: the correction as a candidate of another positive.',
      ),
    ),
    weight: amount,
    keepProb: optional(
      described(
        scalar({ type: 'number', exclusiveMinimum: 0, maximum: 1 }, (json) => json.number()),
        'Probability with which downsample_hot keeps this positive; only if it is configured.',
      ),
    ),
    teacher: optional(
      described(nullable(number), 'Value of the teacher, null without one; only if the stage has a teacher.'),
    ),
    labels: optional(outcomeLabels),
    grade: optional(described(amount, 'Largest weight of the events of the row; only with output.graded.')),
    passed: optional(
      described(
        dictionary(nullable(text)),
        'If columns are copied: the exact text of each value, by name in the file; null for NULL.',
      ),
    ),
    nullReasons: optional(
      described(
        dictionary(oneOf(...nullReasons)),
        'Why copied values are null, by name in the file: the row has no exposure of its own, the group has no impression, the data set has no such row, the row is older than max_age, or it has NULL.',
      ),
    ),
    table: optional(table),
  }),
);

const batchCodec = described(
  record({
    batch: count,
    others: described(count, 'Other positives of the batch.'),
    masked: described(count, 'Others of the same item, which mask_same_item leaves out.'),
    distinct: described(count, 'Different items among the negatives.'),
    falseNegatives: described(
      count,
      "Negatives whose items the user chose in the training window, and the positive's own item if it is not masked.",
    ),
    items: described(
      list(
        record({
          item: id,
          count,
          percentile: itemPercentile,
          logQ: described(log, "Of the item's share of all positives."),
        }),
      ),
      'The most frequent items of the negatives, at most five.',
    ),
  }),
  'The batch of a positive as the trainer makes it, if the config has training.in_batch. The file has nothing of it. Negatives are the others that are not masked; an item counts as often as it occurs.',
);

const group = record({
  key: described(text, 'Parts of the key, separated by U+001F.'),
  item: nullable(id),
  time,
  rows: described(lines(rowCodec), 'Positives first, then by entry, then by draw.'),
  shortfall: described(
    dictionary(record({ asked: count, drawn: count, cause: oneOf(...shortfallCauses) })),
    'By entry, of those that fell short.',
  ),
  repeated: optional(
    described(list(record({ entry: text, item: id })), 'Draws that distinct dropped: an earlier entry has the item.'),
  ),
  inBatch: optional(batchCodec),
  sequences: optional(historiesCodec),
});

const inBatch = record({
  batchSize: count,
  maskSameItem: flag,
  order: batchOrder,
  positives: described(count, 'Of all users: what batches are cut from.'),
  batches: count,
  negatives: count,
  masked: count,
  falseNegatives: count,
  share: described(share, 'Of the in-batch negatives among these and the written ones.'),
  distance: described(
    nullable(share),
    'Jensen-Shannon divergence of the positives and the input of the stage, in bits; null if it is not defined.',
  ),
});

const logq = record({
  mode: logqMode,
  entries: list(
    record({
      name: text,
      effectiveShare: described(nullable(share), 'Mean over groups; null without negatives.'),
      largestExpected: described(
        nullable(amount),
        'Of pools: the largest expected number of rows of a drawn item in its group. Draws are distinct, so corrections are wrong by about this much.',
      ),
    }),
  ),
  inBatch: optional(record({ effectiveShare: nullable(share) })),
  uncorrected: described(count, 'Positives without logq_correction: no entry of their group can draw their item.'),
});

/** The output of `recsample preview --format json`. */
export const previewOutput = record(
  {
    ...drawn,
    inBatch: optional(
      described(inBatch, 'In-batch negatives of all groups of these users, if the config has training.in_batch.'),
    ),
    logq: optional(
      described(
        logq,
        'If the config has training.logq: what each entry contributes to the loss while all scores are equal, after logq_correction is subtracted. Over all groups of these users.',
      ),
    ),
    distance: optional(
      described(
        record({
          exposures: described(share, 'Of the exposures alone.'),
          entries: list(
            record({
              name: text,
              distance: described(nullable(share), 'Of what the entry draws; null if it is not defined.'),
            }),
          ),
        }),
        'Jensen-Shannon divergence from the input of the stage in bits, for all users. Missing if the input is the exposures.',
      ),
    ),
    teacher: optional(
      described(
        list(teacherCoverage),
        'Coverage of the teacher over all groups of these users, if the stage has one: of the positives, then of each entry.',
      ),
    ),
    passed: optional(
      described(
        list(
          record({
            ...copiedColumn,
            nullPositives: described(count, 'Shown positives in which the column is NULL.'),
            nullNegatives: described(count, 'Shown negatives in which the column is NULL.'),
          }),
        ),
        'If output.pass_through copies columns: the copied columns, in the order of the file.',
      ),
    ),
    events: optional(
      described(
        list(record({ data: text, matched: count, unmatched: count, does: oneOf('exclude', 'positive', 'ignore') })),
        'Tables of events up to the end of the known outcomes: events with an impression, and without one. Only with data.clicks.',
      ),
    ),
    unknown: optional(
      described(
        list(record({ event: text, day: text, impressions: count })),
        'Impressions of the split that are neither positives nor negatives, by unknown event and day. Only if there are any.',
      ),
    ),
    histories: optional(
      described(
        list(record({ column: text, within: oneOf('train', 'all'), items: count, unknown: count })),
        'Columns of exclude.history: pairs of a shown user and an item that they exclude, and pairs of a user and an id that is no item. Only with exclude.history.',
      ),
    ),
    users: described(
      lines(record({ user: id, leftOut: optional(leftOut), groups: lines(group) })),
      'In the order of the request.',
    ),
  },
  'block',
);

/** The draws of a plan as JSON text, one row per line. Ids are strings, times are ISO 8601 in UTC. Never localised. */
export function previewJson(plan: StagePlan, preview: Preview): string {
  const { users, totals, passed, sequences, facts } = preview;
  const { inBatch } = plan;
  return documentText(previewOutput, {
    ...drawnOf(plan),
    inBatch:
      inBatch && preview.inBatch
        ? { ...inBatch, ...preview.inBatch, share: inBatchShare(preview.inBatch, totals) }
        : undefined,
    logq: plan.logq && logqOf(plan, plan.logq, totals.effective),
    distance:
      facts.exposureDistance === null ? undefined : { exposures: facts.exposureDistance, entries: totals.entries },
    teacher: totals.teacher,
    passed: passed && passedColumns({ users, passed }),
    events: facts.events?.map(({ name, ...counts }) => ({ data: name, ...counts })),
    unknown: facts.unknown,
    histories: preview.histories,
    users: users.map((user) => ({
      user: user.user,
      leftOut: user.leftOut,
      groups: user.groups.map((own) => ({
        ...own,
        rows: own.rows.map((one) => rowOf(one, plan, passed?.columns ?? [])),
        inBatch: own.inBatch && batchOf(own.inBatch, facts),
        sequences: historiesOf(sequences, user, own),
      })),
    })),
  });
}

function logqOf(
  { entries, inBatch }: StagePlan,
  mode: NonNullable<StagePlan['logq']>,
  effective: EffectiveShares | undefined,
): ValueOf<typeof logq> {
  return {
    mode,
    entries: entries.map(({ name }, e) => ({
      name,
      effectiveShare: effective?.entries[e] ?? null,
      largestExpected: effective?.largestExpected[e] ?? null,
    })),
    inBatch: inBatch === null ? undefined : { effectiveShare: effective?.inBatch ?? null },
    uncorrected: effective?.uncorrected ?? 0,
  };
}

/** The copied columns, and in how many of the shown rows each is NULL, by label. */
function passedColumns(
  preview: Pick<Preview, 'users'> & { readonly passed: PassedValues },
): NonNullable<ValueOf<typeof previewOutput>['passed']> {
  const { columns } = preview.passed;
  return shownNulls(preview).map(({ positives, negatives }, k) => {
    const column = valueAt(columns, k);
    return {
      name: column.name,
      ...copiedFromOf(column),
      nullPositives: positives.nulls,
      nullNegatives: negatives.nulls,
    };
  });
}

function batchOf(batch: InBatchGroup, facts: SamplingFacts): ValueOf<typeof batchCodec> {
  return {
    ...batch,
    items: batch.items.map((one) => ({
      ...one,
      percentile: percentileOf(ownValue(facts.items, one.item)?.percentile),
    })),
  };
}

function rowOf(row: PreviewRow, plan: StagePlan, columns: readonly ShownColumn[]): ValueOf<typeof rowCodec> {
  const { corrections, keepProbability, outcomes, passed, why } = row;
  const reasons = namedReasons(passed ?? [], columns);
  return {
    ...row,
    ...corrections,
    keepProb: keepProbability ?? undefined,
    labels: labelsOf(plan, outcomes),
    grade: plan.outcomes?.graded ? gradeOf(row.label, row.weight) : undefined,
    passed: passed && Object.fromEntries(passed.map(({ value }, k) => [columns[k]?.name ?? '', value])),
    nullReasons: reasons.length === 0 ? undefined : Object.fromEntries(reasons),
    table: why.kind === 'pool' ? tableOf(why) : undefined,
  };
}

/** Why values are NULL, by name of the column. */
function namedReasons(cells: readonly PassedCell[], columns: readonly ShownColumn[]): [string, NullReason][] {
  return cells.flatMap(({ reason }, k) => (reason === null ? [] : [[columns[k]?.name ?? '', reason]]));
}
