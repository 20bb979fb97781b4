import { lowerShare, rateInterval, upperShare, type Rate } from '../../../statistics/rate.ts';
import { message, type Message } from '../../../message/message.ts';
import { dataColumns, sampleName, samplePathKey } from '../../../data/dataColumns.ts';
import type { Answers, RecordedEntry } from '../../../data/facts.ts';
import type { StageView } from '../../../config/entries.ts';
import { unnamed } from '../../chanceNeeds.ts';
import { isDrawable, shortfallsOf } from '../../drawnStage.ts';
import { noRows } from '../../nothingIn.ts';
import { noChances } from '../../examples/noChances.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { sampleNeeds } from '../../sampleNeeds.ts';
import { percent } from '../../shares.ts';
import { shareOption } from '../../shareOption.ts';

/**
 * Negatives per group, or a share of them. `low` and `high` differ only without a lock file, for an entry that does not
 * fill its quota.
 */
interface Range {
  readonly low: number;
  readonly high: number;
}

/** The share of one entry or source among the negatives, and the share that the config leads to. */
interface Compared extends Rate {
  readonly name: string;
  readonly expected: Range;
}

export const demoRecorded = (popularity: number): RecordedEntry[] => [
  { name: 'exposed_unclicked', source: 'exposed_unclicked', asked: 438, refilled: 0, drawn: 300 },
  { name: 'global_random', source: 'global_random', asked: 500, refilled: 208, drawn: 500 },
  { name: 'host_refused', source: 'rejected', asked: 73, refilled: 0, drawn: 3 },
  { name: 'popularity', source: 'popularity', asked: popularity, refilled: 0, drawn: popularity },
  { name: 'same_city', source: 'same_attribute', asked: 73, refilled: 0, drawn: 73 },
];
export const demoCounts = (popularity: number): Answers['sample-mix']['counts'] => [
  { name: 'exposed_unclicked', rows: 300, design: 1 },
  { name: 'global_random', rows: 500, design: 1 },
  { name: 'popularity', rows: popularity, design: 1 },
  { name: 'rejected', rows: 3, design: 1 },
  { name: 'same_attribute', rows: 73, design: 1 },
];

export const mix = defineRule({
  id: 'data/mix',
  kind: 'data',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking'],
  options: {
    max: shareOption(
      0.02,
      message(
        'Maximum difference between the share of an entry in the file and its expected share (99 % confidence). Our choice.',
      ),
    ),
  },
  needs: (context) => {
    if (!isDrawable(context.stage, context.document)) return [];
    const needs = sampleNeeds(context, 'sample-mix');
    return isNamed(context) ? needs : needs.filter((need) => 'dataset' in need);
  },
  comparesNothing: (context) => {
    const result = isNamed(context) ? comparison(context) : unnamed;
    return result === null || 'text' in result ? result : noRows(...result.shares.map(({ rows }) => rows));
  },
  *check(context): Iterable<Report> {
    const { stage, options } = context;
    const result = comparison(context);
    if (result === null || 'text' in result) return;
    const deviating = result.shares.filter((share) => isDeviating(share, options.max));
    const [first] = deviating.sort((a, b) => differenceOf(b) - differenceOf(a));
    if (first === undefined) return;
    yield {
      at: samplePathKey(stage.name),
      message: message(
        '{0} has {1} of the negatives, but the config leads to {2}',
        first.name,
        percent(first.hits / first.rows),
        rangeText(first.expected),
      ),
      details: [
        ...deviating.map(shareText),
        !result.isRecorded
          ? message(
              'The file has no current lock file. Entries that fill their quota are compared with each other. An entry that does not may draw half of what it would draw now, or all of its quota.',
            )
          : message('The expected shares include the shortfalls that the lock file records.'),
      ],
    };
  },
  docs: {
    summary: 'The mix of a sample file differs from the config',
    why: `The model trains on the mix in the file. If the config was changed after the file was written, or if a later
step drops or repeats rows of one source, the shares in the config no longer describe the training.

The rule compares the share of each entry (or source, if the file does not name entries) with the configured share. With
a lock file next to the sample file, it subtracts the shortfall of each entry and adds it to \`refill_from\`. Rows that
\`distinct\` dropped are subtracted, too.

If there is no lock file, or if the file changed after it was written, the rule draws the stage for some users:

- Full entries are compared with each other. An entry with a shortfall is compared with the full entries.
- Because its shortfall may vary by day, the rule accepts anything from half of today's draws up to the quota.
- \`refill_from\` may have up to all missing rows of the other entries in addition.

If the file has entry names that are not in the config, the rule does not run.`,
    source: `The interval is [clustered by user](../../audit.md#metrics). The limit of 0.02 is our choice: a smaller
difference hardly changes the model. The factor one half (without a lock file) is our choice too.`,
    wrong: {
      text: changed('recall'),
      reportedAt: '../out/recall.parquet',
      companions: ['data/impossible-draw'],
      answers: {
        'sample-mix': { by: 'source', counts: demoCounts(1200), recorded: demoRecorded(584) },
        // Another tool counts all users together.
        chances: {
          ...noChances,
          foreign: 'sampler',
          outside: [{ name: 'popularity', draws: 128, outside: 117 }],
        },
      },
    },
    right: { text: changed('recall') },
  },
});

/** True if the file names the entry or the source of its negatives. */
function isNamed({ config, stage }: Pick<RuleContext, 'config' | 'stage'>): boolean {
  return dataColumns(config, sampleName(stage.name)).some(({ role }) => role === 'entry' || role === 'source');
}

/** Shares in the file with their expected shares, or why they cannot be compared. Null if they are not counted. */
function comparison({
  facts,
  stage,
  split,
}: Pick<RuleContext, 'facts' | 'stage' | 'split'>):
  | { readonly shares: readonly Compared[]; readonly isRecorded: boolean }
  | Message
  | null {
  const answer = facts.answer({ kind: 'sample-mix', stage: stage.name });
  if (!answer || !('value' in answer)) return null;
  const { by: column, counts, recorded } = answer.value;
  if (column === null) return unnamed;
  if (recorded !== null) {
    const expected = afterShortfalls(stage, column, recorded);
    return { shares: expected === null ? [] : compared(counts, expected), isRecorded: true };
  }
  const draws = facts.answer(shortfallsOf({ stage, split }));
  if (!draws || !('value' in draws)) return message('the file has no lock file, and the draws could not be counted');
  const expected = withoutLock(stage, column, draws.value);
  // Without a lock file, another name means that the file has another origin than this config.
  return counts.some(({ name }) => !expected.has(name))
    ? message('the file has entries that the config does not have')
    : { shares: compared(counts, expected), isRecorded: false };
}

/** Expected negatives by name: the configured number minus the shortfall of the run, plus its refilled rows. */
function afterShortfalls(
  { entries }: StageView,
  column: 'entry' | 'source',
  recorded: readonly RecordedEntry[],
): Map<string, Range> | null {
  const total = entries.reduce((sum, { quota }) => sum + (quota ?? 0), 0);
  const requested = recorded.reduce((sum, entry) => sum + entry.asked - entry.refilled, 0);
  if (total <= 0) return null;
  const expected = new Map<string, Range>();
  for (const { name, source, quota } of entries) {
    const run = recorded.find((entry) => entry.name === name);
    const shortfall = run ? run.asked - run.drawn - run.refilled : 0;
    const rows = Math.max(0, ((quota ?? 0) / total) * requested - shortfall);
    add(expected, column === 'entry' ? name : (source?.name ?? name), { low: rows, high: rows });
  }
  return expected;
}

/** Expected negatives per group by name, from what the entries draw now for some users. */
function withoutLock(
  { entries, draft }: StageView,
  column: 'entry' | 'source',
  { entries: drawnEntries }: Answers['shortfalls'],
): Map<string, Range> {
  const fillerName = draft.negatives?.on_shortfall === 'refill' ? draft.negatives.refill_from : undefined;
  const expected = new Map<string, Range>();
  let missing = 0;
  for (const { name, source, quota } of entries) {
    const entry = drawnEntries.find((candidate) => candidate.name === name);
    const requested = (entry?.asked ?? 0) - (entry?.refilled ?? 0);
    const fill = entry === undefined || requested === 0 ? 0 : (entry.drawn - (entry.refilled ?? 0)) / requested;
    const isFilled = fill >= MIN_FILL;
    const low = (quota ?? 0) * (isFilled ? 1 : fill * MIN_OF_DRAWN);
    add(expected, column === 'entry' ? name : (source?.name ?? name), { low, high: quota ?? 0 });
    if (!isFilled) missing += (quota ?? 0) - low;
  }
  const filler = entries.find(({ name }) => name === fillerName);
  // A range even if nothing is missing now, so that other entries are not compared with this one.
  if (filler)
    add(expected, column === 'entry' ? filler.name : (filler.source?.name ?? filler.name), {
      low: 0,
      high: Math.max(missing, Number.MIN_VALUE),
    });
  return expected;
}

/** Share of its quota that a full entry draws at least. Emptier ones have another shortfall in another window. */
const MIN_FILL = 0.99;
/** An entry that is not full may draw this fraction of its present draws in another window. */
const MIN_OF_DRAWN = 0.5;

const isExact = ({ low, high }: Range): boolean => low === high;

/** Names with an exact amount are compared with each other, every other name with these names together. */
function compared(counts: Answers['sample-mix']['counts'], expected: ReadonlyMap<string, Range>): Compared[] {
  // A name without rows gets the largest design effect of the other names.
  const design = Math.max(1, ...counts.map((count) => count.design));
  const countOf = (name: string): { readonly rows: number; readonly design: number } =>
    counts.find((count) => count.name === name) ?? { rows: 0, design };
  const amountOf = (name: string): Range => expected.get(name) ?? { low: 0, high: 0 };
  const names = [...new Set([...expected.keys(), ...counts.map(({ name }) => name)])];
  const exactNames = names.filter((name) => isExact(amountOf(name)));
  const exactRows = exactNames.reduce((sum, name) => sum + countOf(name).rows, 0);
  const total = exactNames.reduce((sum, name) => sum + amountOf(name).low, 0);
  if (total === 0) return [];
  return names.flatMap((name) => {
    const { rows: hits, design: nameDesign } = countOf(name);
    const amount = amountOf(name);
    const rows = exactRows + (isExact(amount) ? 0 : hits);
    const shareOfAll = (amountOfName: number): number => amountOfName / (total + (isExact(amount) ? 0 : amountOfName));
    const share = { low: shareOfAll(amount.low), high: shareOfAll(amount.high) };
    return rows === 0 ? [] : [{ name, rows, hits, design: nameDesign, expected: share }];
  });
}

/** Distance of a share from its expected range; negative inside the range. */
function differenceOf({ rows, hits, expected }: Compared): number {
  return Math.max(expected.low - hits / rows, hits / rows - expected.high);
}

function isDeviating(share: Compared, max: number): boolean {
  return lowerShare(share) > share.expected.high + max || upperShare(share) < share.expected.low - max;
}

function shareText(share: Compared): Message {
  const { low, high } = rateInterval(share);
  return message(
    '{0}: {1} of {2}, {3} (95 % interval {4} to {5}), expected {6}.',
    share.name,
    share.hits,
    share.rows,
    percent(share.hits / share.rows),
    percent(low),
    percent(high),
    rangeText(share.expected),
  );
}

function rangeText({ low, high }: Range): string {
  return low === high ? percent(low) : `${percent(low)}–${percent(high)}`;
}

function add(ranges: Map<string, Range>, name: string, { low, high }: Range): void {
  const before = ranges.get(name) ?? { low: 0, high: 0 };
  ranges.set(name, { low: before.low + low, high: before.high + high });
}
