import { message, render, type Message } from '../message/message.ts';
import { printable, printableId } from '../message/printable.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { measuredRun, type SparkEstimate } from '../spark/estimate.ts';
import { formatBytes, formatCount, formatPercent } from '../table/format.ts';
import type { TextOptions } from './textWriter.ts';
import { wrapCells } from './cells.ts';

/** Expected cost of a Spark job, for a terminal. */
export function sparkEstimateText(plan: StagePlan, estimate: SparkEstimate, options: TextOptions): string {
  const text = (m: Message): string => render(m, options.translate);
  const { positives, heaviest, coreSeconds } = estimate;
  const rows = formatCount(estimate.rows);
  const lines: Message[] = [
    estimate.isAtMost ? message('≤ {0} rows', rows) : message('≈ {0} rows', rows),
    positives === 1 ? message('1 positive') : message('{0} positives', formatCount(positives)),
    ...estimate.entries.map((entry) => message('{0}: {1} negatives', printable(entry.name), formatCount(entry.rows))),
    message('≈ {0} of shuffle', formatBytes(estimate.shuffleBytes)),
    message(
      '≈ {0} core-seconds, and about {1} s for the start of Spark and {2} statements that write',
      formatSeconds(coreSeconds),
      formatCount(Math.round(estimate.fixedSeconds)),
      formatCount(estimate.statements),
    ),
    ...(heaviest === null || positives === 0
      ? []
      : [
          heaviest.parts === 1
            ? message(
                'user with the most impressions, {0}: {1} of the positives, drawn by one task',
                printableId(heaviest.user),
                formatPercent(heaviest.positives / positives),
              )
            : message(
                'user with the most impressions, {0}: {1} of the positives, drawn by {2} tasks',
                printableId(heaviest.user),
                formatPercent(heaviest.positives / positives),
                heaviest.parts,
              ),
        ]),
  ];
  const assumptions: Message[] = [
    message(
      'Extrapolated by rows from {0} positives with {1} negatives each and {2} items: {3} of shuffle, {4} s on {5} cores. Far from there, it can be wrong by several times.',
      formatCount(measuredRun.positives),
      measuredRun.negativesPerPositive,
      formatCount(measuredRun.items),
      formatBytes(measuredRun.shuffleBytes),
      measuredRun.seconds,
      measuredRun.cores,
    ),
    message(
      'Assumed: no shortfall, no spill, no task that waits for another, and a log and an item table of the usual size for these rows.',
    ),
  ];
  return `${[
    `${plan.stage} · ${plan.split} · ${text(message('nothing is written'))}`,
    ...lines.map((line) => `  ${text(line)}`),
    ...assumptions.flatMap((line) => wrapCells(text(line), options.width)),
  ].join('\n')}\n`;
}

/** Expected cost of a Spark job, as JSON. */
export function sparkEstimateJson(plan: StagePlan, estimate: SparkEstimate): string {
  const { heaviest, positives, coreSeconds } = estimate;
  return `${JSON.stringify(
    {
      stage: plan.stage,
      split: plan.split,
      rows: estimate.rows,
      at_most: estimate.isAtMost,
      positives,
      groups: estimate.groups,
      entries: estimate.entries.map(({ name, rows }) => ({ entry: name, rows })),
      shuffle_bytes: estimate.shuffleBytes,
      core_seconds: coreSeconds,
      statements: estimate.statements,
      fixed_seconds: estimate.fixedSeconds,
      heaviest_user: heaviest,
      extrapolated_from: {
        positives: measuredRun.positives,
        negatives_per_positive: measuredRun.negativesPerPositive,
        items: measuredRun.items,
        rows: measuredRun.rows,
        shuffle_bytes: measuredRun.shuffleBytes,
        seconds: measuredRun.seconds,
        cores: measuredRun.cores,
      },
    },
    null,
    2,
  )}\n`;
}

/** Seconds with two significant digits. */
function formatSeconds(seconds: number): string {
  return seconds >= 10 ? formatCount(Number(seconds.toPrecision(2))) : String(Number(seconds.toPrecision(2)));
}
