import { lowerShare, rateInterval, upperShare, type Rate } from '../../../statistics/rate.ts';
import { message, type Message } from '../../../message/message.ts';
import { dataColumns, datasetPath, sampleName } from '../../../data/dataColumns.ts';
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

/** Negatives per group, or shares: a range without a lock file for an entry that does not fill its quota, else equal. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/** The share of the negatives with a name, and the one that the config leads to. */
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
    const asked = sampleNeeds(context, 'sample-mix');
    return isNamed(context) ? asked : asked.filter((need) => 'dataset' in need);
  },
  comparesNothing: (context) => {
    const found = isNamed(context) ? comparison(context) : unnamed;
    return found === null || 'text' in found ? found : noRows(...found.shares.map(({ rows }) => rows));
  },
  *check(context): Iterable<Report> {
    const { stage, options } = context;
    const found = comparison(context);
    if (found === null || 'text' in found) return;
    const off = found.shares.filter((one) => isOff(one, options.max));
    if (off.length === 0) return;
    const [first] = off.sort((a, b) => differenceOf(b) - differenceOf(a));
    if (first === undefined) return;
    yield {
      at: [...datasetPath(sampleName(stage.name)), 'path'],
      message: message(
        '{0} has {1} of the negatives, but the config leads to {2}',
        first.name,
        percent(first.hits / first.rows),
        rangeText(first.expected),
      ),
      details: [
        ...off.map(shareOf),
        !found.isRecorded
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

/** The shares of the file, with those of the config; or why they do not compare. Null if they are not counted. */
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
  const { by, counts, recorded } = answer.value;
  if (by === null) return unnamed;
  if (recorded !== null) {
    const expected = afterShortfalls(stage, by, recorded);
    return { shares: expected === null ? [] : compared(counts, expected), isRecorded: true };
  }
  const drawn = facts.answer(shortfallsOf({ stage, split }));
  if (!drawn || !('value' in drawn)) return message('the file has no lock file, and the draws could not be counted');
  const expected = withoutLock(stage, by, drawn.value);
  // Without a lock file, another name means that the file has another origin than this config.
  return counts.some(({ name }) => !expected.has(name))
    ? message('the file has entries that the config does not have')
    : { shares: compared(counts, expected), isRecorded: false };
}

/** Expected negatives by name: the configured ones, less what the run was short of, plus what it refilled. */
function afterShortfalls(
  { entries }: StageView,
  by: 'entry' | 'source',
  recorded: readonly RecordedEntry[],
): Map<string, Range> | null {
  const total = entries.reduce((sum, { quota }) => sum + (quota ?? 0), 0);
  const asked = recorded.reduce((sum, one) => sum + one.asked - one.refilled, 0);
  if (total <= 0) return null;
  const expected = new Map<string, Range>();
  for (const { name, source, quota } of entries) {
    const run = recorded.find((one) => one.name === name);
    const own = ((quota ?? 0) / total) * asked;
    const less = run ? run.asked - run.drawn - run.refilled : 0;
    const left = Math.max(0, own - less);
    add(expected, by === 'entry' ? name : (source?.name ?? name), { low: left, high: left });
  }
  return expected;
}

/** Negatives of each name per group, from what the entries draw now for some users. */
function withoutLock(
  { entries, draft }: StageView,
  by: 'entry' | 'source',
  { entries: drawn }: Answers['shortfalls'],
): Map<string, Range> {
  const refilled = draft.negatives?.on_shortfall === 'refill' ? draft.negatives.refill_from : undefined;
  const expected = new Map<string, Range>();
  let missing = 0;
  for (const { name, source, quota } of entries) {
    const own = by === 'entry' ? name : (source?.name ?? name);
    const found = drawn.find((one) => one.name === name);
    const asked = (found?.asked ?? 0) - (found?.refilled ?? 0);
    const fill = found === undefined || asked === 0 ? 0 : (found.drawn - (found.refilled ?? 0)) / asked;
    const isFilled = fill >= MIN_FILL;
    const low = (quota ?? 0) * (isFilled ? 1 : fill * MIN_OF_DRAWN);
    add(expected, own, { low, high: quota ?? 0 });
    if (!isFilled) missing += (quota ?? 0) - low;
  }
  const refilling = entries.find(({ name }) => name === refilled);
  // Even if nothing is missing now: the entry is not one to compare others with.
  if (refilling)
    add(expected, by === 'entry' ? refilling.name : (refilling.source?.name ?? refilling.name), {
      low: 0,
      high: Math.max(missing, Number.MIN_VALUE),
    });
  return expected;
}

/** Entries that fill less are short in other windows too, by another share. */
const MIN_FILL = 0.99;
/** Of what such an entry draws now, the least that it may draw in another window. */
const MIN_OF_DRAWN = 0.5;

const isExact = ({ low, high }: Range): boolean => low === high;

/** Shares of the names whose amount is known among each other, and of each other name among it and these. */
function compared(counts: Answers['sample-mix']['counts'], expected: ReadonlyMap<string, Range>): Compared[] {
  // Without rows, those of a user may be as alike as those of any other name.
  const design = Math.max(1, ...counts.map((one) => one.design));
  const found = (name: string): { readonly rows: number; readonly design: number } =>
    counts.find((one) => one.name === name) ?? { rows: 0, design };
  const amountOf = (name: string): Range => expected.get(name) ?? { low: 0, high: 0 };
  const names = [...new Set([...expected.keys(), ...counts.map(({ name }) => name)])];
  const known = names.filter((name) => isExact(amountOf(name)));
  const knownRows = known.reduce((sum, name) => sum + found(name).rows, 0);
  const total = known.reduce((sum, name) => sum + amountOf(name).low, 0);
  if (total === 0) return [];
  return names.flatMap((name) => {
    const { rows: hits, design: own } = found(name);
    const amount = amountOf(name);
    const rows = knownRows + (isExact(amount) ? 0 : hits);
    const shareOfAll = (of: number): number => of / (total + (isExact(amount) ? 0 : of));
    const share = { low: shareOfAll(amount.low), high: shareOfAll(amount.high) };
    return rows === 0 ? [] : [{ name, rows, hits, design: own, expected: share }];
  });
}

/** How far a share is outside of what is expected. */
function differenceOf({ rows, hits, expected }: Compared): number {
  return Math.max(expected.low - hits / rows, hits / rows - expected.high);
}

function isOff(one: Compared, max: number): boolean {
  return lowerShare(one) > one.expected.high + max || upperShare(one) < one.expected.low - max;
}

function shareOf(one: Compared): Message {
  const { low, high } = rateInterval(one);
  return message(
    '{0}: {1} of {2}, {3} (95 % interval {4} to {5}), expected {6}.',
    one.name,
    one.hits,
    one.rows,
    percent(one.hits / one.rows),
    percent(low),
    percent(high),
    rangeText(one.expected),
  );
}

function rangeText({ low, high }: Range): string {
  return low === high ? percent(low) : `${percent(low)}–${percent(high)}`;
}

function add(to: Map<string, Range>, name: string, { low, high }: Range): void {
  const before = to.get(name) ?? { low: 0, high: 0 };
  to.set(name, { low: before.low + low, high: before.high + high });
}
