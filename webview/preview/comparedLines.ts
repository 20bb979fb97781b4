import type { ComparedRow, Comparison, GroupComparison, UserComparison } from '../../src/core/sampling/compare.ts';
import type { PreviewAnswer } from '../../src/protocol/preview.ts';
import type { PreviewGroup } from '../../src/protocol/sampling.ts';
import { t } from '../strings.ts';
import { lineHeight } from './drawLines.ts';
import type { Line } from './lineList.ts';
import { ownValue } from '../../src/core/ownValue.ts';

export type ComparedLine = Line &
  /** `drawn`: the group as B draws it; if B does not have it, as A does. */
  (
    | {
        readonly kind: 'group';
        readonly group: GroupComparison;
        readonly drawn: PreviewGroup | null;
        readonly open: boolean;
      }
    | {
        readonly kind: 'row';
        readonly row: ComparedRow;
        readonly a: PreviewGroup | null;
        readonly b: PreviewGroup | null;
      }
  );
export type Kept = 'all' | 'changed' | 'moved';

/** The rows of a user on both sides. `kept` selects all rows, rows that differ or moved, or only rows that moved. */
export function comparedLines(
  user: UserComparison,
  a: PreviewAnswer,
  b: PreviewAnswer,
  kept: Kept,
  folded: ReadonlySet<string>,
): ComparedLine[] {
  const ofA = groupsOf(a, user.user);
  const ofB = groupsOf(b, user.user);
  return user.groups.flatMap((group): ComparedLine[] => {
    const rows = group.rows.filter(
      ({ change }) => kept === 'all' || (kept === 'moved' ? change === 'moved' : change !== 'same'),
    );
    if (rows.length === 0) return [];
    const key = `group ${group.key}`;
    const open = !folded.has(key);
    const inA = ofA.get(group.key) ?? null;
    const inB = ofB.get(group.key) ?? null;
    const heading: ComparedLine = {
      key,
      level: 1,
      height: lineHeight,
      still: false,
      kind: 'group',
      group,
      drawn: inB ?? inA,
      open,
    };
    return [
      heading,
      ...(open
        ? rows.map((row): ComparedLine => ({
            key: `${group.key}|${row.item}|${row.a?.entry ?? ''}|${row.b?.entry ?? ''}`,
            level: 2,
            height: lineHeight,
            still: false,
            kind: 'row',
            row,
            a: inA,
            b: inB,
          }))
        : []),
    ];
  });
}

function groupsOf({ preview }: PreviewAnswer, user: string): Map<string, PreviewGroup> {
  return new Map(preview.users.find((each) => each.user === user)?.groups.map((group) => [group.key, group]));
}

/** The change of the plan that removed, added or moved a row. */
export function changeText({ row, a, b }: Extract<ComparedLine, { kind: 'row' }>, { changes }: Comparison): string {
  const seed = changes.some(({ path }) => path === 'seed' || path === 'epoch');
  switch (row.change) {
    case 'same':
      return '';
    case 'moved':
      return row.a?.entry === row.b?.entry
        ? t('draw {0} to draw {1}', (row.a?.draw ?? 0) + 1, (row.b?.draw ?? 0) + 1)
        : t('{0} to {1}', row.a?.entry ?? '', row.b?.entry ?? '');
    case 'out':
      return cause(row.a, a, b, seed, changes, t('entry removed'));
    case 'in':
      return cause(row.b, b, a, seed, changes, t('new entry'));
  }
}

/** `here` draws the row; `there` does not. */
function cause(
  draw: ComparedRow['a'],
  here: PreviewGroup | null,
  there: PreviewGroup | null,
  seed: boolean,
  changes: Comparison['changes'],
  only: string,
): string {
  if (!draw) return '';
  if (there === null) return t('group on 1 side only');
  if (seed) return t('other seed');
  const quota = ownValue(here?.quotas, draw.entry) ?? 0;
  // An entry without a quota is missing in the record of quotas.
  const otherQuota = ownValue(there.quotas, draw.entry) ?? 0;
  const isAmount = (path: string): boolean => path === `${draw.entry}.share` || path === `${draw.entry}.count`;
  // For an entry that only one side has, only its amount is shown. An entry with a share on one side and a count on the
  // other changes both.
  const amounts = changes.filter(({ path }) => isAmount(path));
  if (amounts.length === 1 && amounts.some(({ a, b }) => a === null || b === null)) return only;
  const change = changes.find(({ path }) => path.startsWith(`${draw.entry}.`) && !isAmount(path));
  if (change) return `${change.path.slice(draw.entry.length + 1)} ${change.a ?? t('none')} → ${change.b ?? t('none')}`;
  return otherQuota !== quota && draw.draw >= otherQuota ? t('quota {0} vs {1}', quota, otherQuota) : t('another draw');
}
