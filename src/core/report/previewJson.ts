import { jsonText as json } from './jsonText.ts';
import type { ItemFacts, PairExplanation, Preview, SamplingFacts } from '../sampling/answers.ts';
import type { EventCounts } from '../sampling/eventCounts.ts';
import type { Comparison } from '../sampling/compare.ts';
import type { CopiedFrom } from '../sampling/compareColumns.ts';
import type {
  InBatchGroup,
  InBatchTotals,
  PairCorrections,
  PairDraw,
  PreviewGroup,
  PreviewRow,
  PreviewTotals,
  RowCorrections,
  TeacherCoverage,
} from '../sampling/drawn.ts';
import type { ShownColumn } from '../sampling/passedValues.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { effectiveJson } from './effectiveText.ts';
import { inBatchShare } from './inBatchText.ts';
import { outcomesJson } from './outcomesJson.ts';
import { passedColumnsJson, passedJson, valuesJson } from './passedJson.ts';
import { ownValue } from '../ownValue.ts';

/**
 * The draws of a plan as JSON text, one row per line; `media/schemas/preview.schema.json` describes it. Ids are
 * strings, times are ISO 8601 in UTC, and `log_q` and `log_q_mix` are null if they do not exist. Never localised.
 */
export function previewJson(plan: StagePlan, { users, totals, inBatch, passed, facts, histories }: Preview): string {
  return page([
    ...headOf(plan),
    ...(inBatch && plan.inBatch ? [`  "in_batch": ${json(inBatchJson(plan.inBatch, inBatch, totals))},`] : []),
    ...(plan.logq === undefined ? [] : [`  "logq": ${json(effectiveJson(plan, totals.effective))},`]),
    ...(facts.exposureDistance === null ? [] : [`  "distance": ${json(distancesJson(totals, facts))},`]),
    ...(totals.teacher ? [`  "teacher": ${json(totals.teacher.map(coverageJson))},`] : []),
    ...(passed ? [`  "passed": ${json(passedColumnsJson({ users, passed }))},`] : []),
    ...(facts.events ? [`  "events": ${json(facts.events.map(eventsJson))},`] : []),
    ...(facts.unknown ? [`  "unknown": ${json(facts.unknown)},`] : []),
    ...(histories ? [`  "histories": ${json(histories)},`] : []),
    `  "users": ${list(
      '  ',
      users.map(
        ({ user, groups }) =>
          `{"user":${text(user)},"groups":${list(
            '    ',
            groups.map((group) => groupJson(group, facts, { plan, columns: passed?.columns ?? [] })),
          )}}`,
      ),
    )}`,
  ]);
}

/** How far the exposures and each entry are from the input of the stage. */
function distancesJson({ entries }: PreviewTotals, { exposureDistance }: SamplingFacts): unknown {
  return { exposures: exposureDistance, entries: entries.map(({ name, distance }) => ({ name, distance })) };
}

function eventsJson({ name, matched, unmatched, does }: EventCounts): unknown {
  return { data: name, matched, unmatched, does };
}

function coverageJson({ name, trusted, known }: TeacherCoverage): unknown {
  return { entry: name, trusted, known };
}

function inBatchJson(
  { batchSize, maskSameItem }: NonNullable<StagePlan['inBatch']>,
  inBatch: InBatchTotals,
  written: PreviewTotals,
): unknown {
  const { order, positives, batches, negatives, masked, falseNegatives, distance } = inBatch;
  return {
    batch_size: batchSize,
    mask_same_item: maskSameItem,
    order,
    positives,
    batches,
    negatives,
    masked,
    false_negatives: falseNegatives,
    share: inBatchShare(inBatch, written),
    distance,
  };
}

/** What the rows of a plan have. */
interface RowsOf {
  readonly plan: StagePlan;
  readonly columns: readonly ShownColumn[];
}

function groupJson(
  { key, item, time, rows, shortfall, inBatch }: PreviewGroup,
  facts: SamplingFacts,
  of: RowsOf,
): string {
  const batch = inBatch ? `,"in_batch":${json(batchJson(inBatch, facts))}` : '';
  return `{"key":${text(key)},"item":${text(item)},"time":${text(time)},"rows":${list(
    '      ',
    rows.map((row) => rowJson(row, of)),
  )},"shortfall":${json(shortfall)}${batch}}`;
}

function batchJson(
  { batch, others, masked, distinct, falseNegatives, items }: InBatchGroup,
  facts: SamplingFacts,
): unknown {
  return {
    batch,
    others,
    masked,
    distinct,
    false_negatives: falseNegatives,
    items: items.map(({ item, count, logQ }) => ({
      item,
      count,
      percentile: percentileOf(ownValue(facts.items, item)?.percentile),
      log_q: logQ,
    })),
  };
}

function rowJson(row: PreviewRow, { plan, columns }: RowsOf): string {
  const { item, label, source, entry, draw, logQ, logQMix, corrections, weight, keepProbability, teacher } = row;
  return json({
    item,
    label,
    source,
    entry,
    draw,
    log_q: logQ,
    log_q_mix: logQMix,
    ...(corrections ? correctionsJson(corrections) : {}),
    weight,
    ...(keepProbability === null ? {} : { keep_prob: keepProbability }),
    ...(teacher === undefined ? {} : { teacher }),
    ...outcomesJson(plan, row),
    ...(row.passed ? passedJson(row.passed, columns) : {}),
    ...(row.why.kind === 'pool' ? tableJson(row.why) : {}),
  });
}

/** The table of a draw whose counts move with the day. */
function tableJson({ before, pool = null }: Pick<PairDraw, 'before' | 'pool'>): object {
  return before === undefined ? {} : { table: { before, value: pool } };
}

function correctionsJson({ logqCorrection, logQBatch, logqCorrectionBatch }: RowCorrections): object {
  return {
    logq_correction: logqCorrection,
    ...(logQBatch === undefined ? {} : { log_q_batch: logQBatch }),
    ...(logqCorrectionBatch === undefined ? {} : { logq_correction_batch: logqCorrectionBatch }),
  };
}

/** Why an item is, or is not, a negative of a user; `media/schemas/explain.schema.json`. */
export function explainJson(
  plan: StagePlan,
  pair: { readonly user: string; readonly item: string },
  found: PairExplanation,
): string {
  const { user, item, history, positiveIn, entries, expected, drawn, inBatch, corrections } = found;
  const further = [
    ...(inBatch
      ? [
          `  "in_batch": ${json({ ...inBatch, log_q: inBatch.times === 0 ? null : Math.log(inBatch.times / inBatch.positives) })}`,
        ]
      : []),
    ...(corrections ? [`  "logq": ${json(pairCorrectionsJson(plan.logq, corrections))}`] : []),
  ];
  return page([
    ...headOf(plan),
    `  "user": ${json({ id: pair.user, ...user })},`,
    `  "item": ${json({ id: pair.item, known: item !== null, ...(item ?? {}), ...(item ? { percentile: percentileOf(item.percentile) } : {}) })},`,
    `  "history": ${list(
      '  ',
      history.map((one) => json(one)),
    )},`,
    `  "positive_in": ${positiveIn},`,
    `  "entries": ${list(
      '  ',
      entries.map(({ name, source, membership, refused, isPast, dayCounts, expected: rows, drawnIn }) =>
        json({
          name,
          source,
          membership: membership && {
            groups: membership.groups,
            smallest_log_q: membership.smallestLogQ,
            largest_log_q: membership.largestLogQ,
          },
          refused,
          ...(isPast ? { in_history: true } : {}),
          ...(dayCounts === undefined
            ? {}
            : { day_counts: dayCounts.map(({ pool, ...one }) => ({ ...one, value: pool })) }),
          expected: rows,
          drawn_in: drawnIn.map(({ key, time, draw, ...from }) => ({ key, time, draw, ...tableJson(from) })),
        }),
      ),
    )},`,
    `  "expected": ${expected},`,
    [`  "drawn": ${drawn}`, ...further, ...valuesJson(plan, found)].join(',\n'),
  ]);
}

function pairCorrectionsJson(mode: StagePlan['logq'], { negative, positive, logQBatch }: PairCorrections): unknown {
  return { mode, negative, positive, ...(logQBatch === undefined ? {} : { log_q_batch: logQBatch }) };
}

/** One side of a comparison: a config as the user named it, and its plan. */
export interface ComparedSide {
  readonly config: string;
  readonly plan: StagePlan;
}

/** Comparison of two draws; `media/schemas/compare.schema.json`. */
export function compareJson(
  a: ComparedSide,
  b: ComparedSide,
  { totals, entries, changes, columns, distances, users }: Comparison,
): string {
  const side = ({ config, plan: { split, seed, epoch } }: ComparedSide): string => json({ config, split, seed, epoch });
  return page([
    `  "stage": ${text(a.plan.stage)},`,
    `  "a": ${side(a)},`,
    `  "b": ${side(b)},`,
    `  "totals": ${json(totals)},`,
    `  "entries": ${list(
      '  ',
      entries.map((entry) => json(entry)),
    )},`,
    `  "changes": ${list(
      '  ',
      changes.map((change) => json(change)),
    )},`,
    `  "columns": ${list(
      '  ',
      columns.map((column) => json({ name: column.name, a: copiedJson(column.a), b: copiedJson(column.b) })),
    )},`,
    `  "distances": ${list(
      '  ',
      distances.map(({ of, name, a: ofA, b: ofB }) => json({ of, name, a: ofA, b: ofB })),
    )},`,
    `  "users": ${list(
      '  ',
      users.map(
        ({ user, groups, ...overlap }) =>
          `${json({ user, ...overlap }).slice(0, -1)},"groups":${list(
            '    ',
            groups.map(
              ({ key, item: _item, request: _request, time, rows, ...own }) =>
                `${json({ key, time, ...own }).slice(0, -1)},"rows":${list(
                  '      ',
                  rows.map((row) => json(row)),
                )}}`,
            ),
          )}}`,
      ),
    )}`,
  ]);
}

function copiedJson(origin: CopiedFrom | null): unknown {
  if (origin === null) return null;
  const { column, from, side, maxAge } = origin;
  return { column, from, side, ...(maxAge === null ? {} : { max_age_seconds: maxAge / 1e6 }) };
}

function headOf({ stage, split, seed, epoch }: StagePlan): string[] {
  return [
    `  "stage": ${text(stage)},`,
    `  "split": ${text(split)},`,
    `  "seed": ${text(seed)},`,
    `  "epoch": ${epoch},`,
  ];
}

function page(lines: readonly string[]): string {
  return `{\n${lines.join('\n')}\n}\n`;
}

const text = (value: string | null): string => json(value);

/** One element per line, so that two outputs can be diffed line by line. */
function list(indent: string, elements: readonly string[]): string {
  return elements.length === 0
    ? '[]'
    : `[\n${elements.map((element) => `${indent}  ${element}`).join(',\n')}\n${indent}]`;
}

/** Null for items without events, as for items outside the corpus. */
function percentileOf(percentile: ItemFacts['percentile'] | undefined): number | null {
  return typeof percentile === 'number' ? percentile : null;
}
