import type { InBatchGroup } from '../../src/core/sampling/drawn.ts';
import { causeNames, repeatedText } from '../../src/core/report/reasons.ts';
import type { ShownSequence } from '../../src/core/sampling/shownHistories.ts';
import { requestedFor } from '../../src/core/sampling/requested.ts';
import type { EntryTotals, PreviewGroup, PreviewRow, PreviewUser } from '../../src/protocol/sampling.ts';
import { say, t } from '../strings.ts';
import { historiesOf, maxSteps, type GroupHistory } from './historyTexts.ts';
import type { Line } from './lineList.ts';
import { rejectedBefore } from './why.ts';
import { ownValue } from '../../src/core/ownValue.ts';

export type DrawLine = Line &
  /** `positive`: the row of the group's positive, shown in the heading. */
  (
    | {
        readonly kind: 'group';
        readonly group: PreviewGroup;
        readonly positive: PreviewRow | null;
        readonly open: boolean;
        readonly negatives: number;
        readonly asked: number;
      }
    | {
        readonly kind: 'entry';
        readonly name: string;
        readonly source: string;
        readonly open: boolean;
        readonly drawn: number;
        readonly asked: number;
      }
    | {
        readonly kind: 'row';
        readonly group: PreviewGroup;
        readonly row: PreviewRow;
        readonly open: boolean;
        readonly rejected: number;
        readonly ofPositive: boolean;
      }
    | { readonly kind: 'why'; readonly group: PreviewGroup; readonly row: PreviewRow }
    /** The in-batch negatives of the positive, in sentences. */
    | { readonly kind: 'batch'; readonly inBatch: InBatchGroup; readonly open: boolean }
    | { readonly kind: 'batch-why'; readonly inBatch: InBatchGroup }
    | { readonly kind: 'history'; readonly of: GroupHistory; readonly open: boolean }
    | { readonly kind: 'history-steps'; readonly of: GroupHistory }
    /** Why an entry has fewer rows than requested. */
    | { readonly kind: 'short'; readonly text: string }
    | { readonly kind: 'more'; readonly left: number }
  );

export const lineHeight = 22;
const whyLine = 18;

export interface Folding {
  /** Keys of rows with an open explanation. */
  readonly explained: ReadonlySet<string>;
  /** Keys of collapsed groups or entries. */
  readonly folded: ReadonlySet<string>;
}

const rowKey = ({ key }: PreviewGroup, { entry, draw, item }: PreviewRow): string =>
  `${key}|${entry ?? ''}|${draw ?? item}`;

/** A user's draws, by positive. A group with one row, such as an exposure, is shown as that row. */
export function linesByPositive(
  user: PreviewUser,
  folding: Folding,
  sequences: readonly ShownSequence[] = [],
): DrawLine[] {
  const lines: DrawLine[] = [];
  for (const [index, group] of user.groups.entries()) {
    const [first] = group.rows;
    if (group.rows.length === 1 && first?.why.kind === 'exposure') {
      // Exposures may have identical keys.
      pushRow(lines, group, first, folding, 1, false, `${index} ${rowKey(group, first)}`);
      pushHistories(lines, `${index} ${group.key}`, historiesOf(user, group, sequences), folding);
      continue;
    }
    const positive = group.item !== null && first?.label === 1 && first.item === group.item ? first : null;
    const key = `group ${group.key}`;
    const open = !folding.folded.has(key);
    const rows = positive ? group.rows.slice(1) : group.rows;
    const negatives = rows.filter(({ label }) => label === 0).length;
    lines.push({
      key,
      level: 1,
      height: lineHeight,
      still: false,
      kind: 'group',
      group,
      positive,
      open,
      negatives,
      asked: requestedFor(group),
    });
    if (positive && folding.explained.has(key)) pushWhy(lines, key, group, positive);
    if (!open) continue;
    for (const row of rows) pushRow(lines, group, row, folding, 2, false);
    for (const [entry, { drawn, asked, cause }] of Object.entries(group.shortfall))
      pushShort(
        lines,
        `${group.key}|${entry}`,
        `${t('{0}: {1} of {2}', entry, drawn, asked)} · ${say(causeNames[cause])}`,
      );
    for (const { entry, item } of group.repeated ?? [])
      pushShort(lines, `${group.key}|${entry}|${item}`, `${t('{0}: {1}', entry, item)} · ${say(repeatedText)}`);
    if (group.inBatch) pushBatch(lines, group.key, group.inBatch, folding);
    pushHistories(lines, group.key, historiesOf(user, group, sequences), folding);
  }
  return withMore(lines, user);
}

/** The same rows by entry; each row names its positive. */
export function linesBySource(user: PreviewUser, entries: readonly EntryTotals[], folding: Folding): DrawLine[] {
  const lines: DrawLine[] = [];
  const byEntry = new Map<string, { group: PreviewGroup; row: PreviewRow }[]>(entries.map(({ name }) => [name, []]));
  for (const group of user.groups) {
    for (const row of group.rows)
      if (row.entry !== null && row.label === 0) byEntry.get(row.entry)?.push({ group, row });
  }
  for (const { name, source } of entries) {
    const rows = byEntry.get(name) ?? [];
    const key = `entry ${name}`;
    const open = !folding.folded.has(key);
    lines.push({
      key,
      level: 1,
      height: lineHeight,
      still: false,
      kind: 'entry',
      name,
      source,
      open,
      drawn: rows.length,
      asked: sum(user.groups.map(({ quotas }) => ownValue(quotas, name) ?? 0)),
    });
    if (open) for (const { group, row } of rows) pushRow(lines, group, row, folding, 2, true);
  }
  return withMore(lines, user);
}

function pushRow(
  lines: DrawLine[],
  group: PreviewGroup,
  row: PreviewRow,
  { explained }: Folding,
  level: 1 | 2,
  ofPositive: boolean,
  key = rowKey(group, row),
): void {
  const open = explained.has(key);
  lines.push({
    key,
    level,
    height: lineHeight,
    still: false,
    kind: 'row',
    group,
    row,
    open,
    rejected: rejectedBefore(row.why),
    ofPositive,
  });
  if (open) pushWhy(lines, key, group, row);
}

function pushShort(lines: DrawLine[], key: string, text: string): void {
  lines.push({ key: `${key}|short`, level: 2, height: lineHeight, still: true, kind: 'short', text });
}

/** The height is a guess until the line is drawn and measured, because sentences may wrap. */
function pushWhy(lines: DrawLine[], key: string, group: PreviewGroup, row: PreviewRow): void {
  lines.push({
    key: `${key}|why`,
    level: 2,
    height: 8 + whyLine * (5 + rejectedBefore(row.why)),
    still: true,
    kind: 'why',
    group,
    row,
  });
}

function pushBatch(lines: DrawLine[], group: string, inBatch: InBatchGroup, { explained }: Folding): void {
  const key = `${group}|in_batch`;
  const open = explained.has(key);
  lines.push({ key, level: 2, height: lineHeight, still: false, kind: 'batch', inBatch, open });
  if (open)
    lines.push({
      key: `${key}|why`,
      level: 2,
      height: 8 + whyLine * (4 + inBatch.items.length),
      still: true,
      kind: 'batch-why',
      inBatch,
    });
}

function pushHistories(
  lines: DrawLine[],
  group: string,
  histories: readonly GroupHistory[],
  { explained }: Folding,
): void {
  for (const of of histories) {
    const key = `${group}|history ${of.sequence.name}`;
    const open = explained.has(key);
    lines.push({ key, level: 2, height: lineHeight, still: false, kind: 'history', of, open });
    const height = 8 + whyLine * (4 + Math.min(maxSteps, of.history.steps.length));
    if (open) lines.push({ key: `${key}|steps`, level: 2, height, still: true, kind: 'history-steps', of });
  }
}

function withMore(lines: DrawLine[], { groups, groupCount }: PreviewUser): DrawLine[] {
  if (groups.length < groupCount)
    lines.push({
      key: 'more',
      level: 1,
      height: lineHeight,
      still: false,
      kind: 'more',
      left: groupCount - groups.length,
    });
  return lines;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
