import type { PassedCell, ShownColumn, SourceRow } from '../../src/core/sampling/passedValues.ts';
import type { ComparedColumn } from '../../src/core/sampling/compareColumns.ts';
import type { PairExplanation } from '../../src/core/sampling/answers.ts';
import type { PreviewAnswer } from '../../src/protocol/preview.ts';
import type { PreviewGroup, PreviewRow } from '../../src/protocol/sampling.ts';

const column = (
  name: string,
  from: ShownColumn['from'],
  side: ShownColumn['side'],
  more: Partial<ShownColumn> = {},
): ShownColumn => ({ name, column: name, from, side, maxAge: null, isNumber: false, neverCut: false, ...more });
const number = { isNumber: true, neverCut: true };

const columns: readonly ShownColumn[] = [
  column('city', 'items', 'item'),
  column('ctr_7d', 'impressions', 'item', { column: 'item_ctr', maxAge: 7 * 86_400e6, ...number }),
  column('position', 'impressions', 'exposure', number),
  column('device', 'impressions', 'context'),
  column('age', 'users', 'user', number),
  column('channel_note', 'candidates', 'candidate'),
  column('listed_at', 'items', 'item', { neverCut: true }),
];

/** Copied columns of two configs that differ. */
export const fakeColumns: readonly ComparedColumn[] = [
  {
    name: 'device',
    a: { column: 'device', from: 'impressions', side: 'context', maxAge: null },
    b: { column: 'device', from: 'impressions', side: 'exposure', maxAge: null },
  },
  { name: 'ctr_7d', a: null, b: { column: 'item_ctr', from: 'impressions', side: 'item', maxAge: 7 * 86_400e6 } },
];

/** The same draws for a config that copies a column of every side, and has a teacher. */
export function withPassed({ sampler, preview }: PreviewAnswer): PreviewAnswer {
  const sources: SourceRow[] = [];
  const users = preview.users.map((one) => ({
    ...one,
    groups: one.groups.map((group, k) => ({
      ...group,
      rows: group.rows.map((row, place) => ({
        ...row,
        ...taught(place),
        passed: cellsOf(one.user, group, row, k, sources),
      })),
    })),
  }));
  return {
    sampler: sampler.plan
      ? {
          ...sampler,
          plan: { ...sampler.plan, teacher: { from: 'candidates', column: 'teacher', on: 'exposed' } },
        }
      : sampler,
    preview: { ...preview, users, passed: { columns, sources } },
  };
}

function taught(place: number): Pick<PreviewRow, 'teacher' | 'teacherReason'> {
  return place % 3 === 0 ? { teacher: 0.027292 + place / 10 } : { teacher: null, teacherReason: 'untrusted' };
}

/** Texts of the data are hostile: nothing of them is markup. */
function cellsOf(
  user: string,
  { time, request }: Pick<PreviewGroup, 'time' | 'request'>,
  { item, entry, label }: Pick<PreviewRow, 'item' | 'entry' | 'label'>,
  k: number,
  sources: SourceRow[],
): PassedCell[] {
  const source = (from: SourceRow['from'], side: SourceRow['side'], key: SourceRow['key'], at: string | null): number =>
    sources.push({ from, side, key, time: at }) - 1;
  const value = (text: string, at: number): PassedCell => ({ value: text, source: at, reason: null });
  const exposed = label === 1 || entry === 'exposed_unclicked';
  return [
    value(k % 2 === 0 ? '杭州' : '<b onmouseover=alert(1)>Kyoto</b>', source('items', 'item', { item }, null)),
    k % 5 === 4
      ? {
          value: null,
          source: source('impressions', 'item', { user: '7', item }, '2026-03-01T08:00:00.000000Z'),
          reason: 'too-old',
        }
      : value(`0.0${k % 10}21`, source('impressions', 'item', { user: '7', item, request: 'r-9' }, time)),
    exposed
      ? value(String(1 + (k % 9)), source('impressions', 'exposure', { user, item, request }, time))
      : { value: null, source: null, reason: 'no-exposure' },
    value(k % 3 === 0 ? '' : 'phone', source('impressions', 'context', { user, request }, time)),
    value('9007199254740993', source('users', 'user', { user }, null)),
    k % 2 === 0
      ? value('hot‮evil', source('candidates', 'candidate', { user, request, item, channel: 'hot', rank: '3' }, time))
      : { value: null, source: null, reason: 'no-row' },
    value('2026-01-01 00:00:00.000001', source('items', 'item', { item }, null)),
  ];
}

/** The rows of an explained pair, with the same columns. */
export function pairRows(user: string, item: string): Pick<PairExplanation, 'rows' | 'passed'> {
  const sources: SourceRow[] = [];
  const time = '2026-03-14T00:07:12.004000Z';
  const row = { item, entry: 'popularity', label: 0 as const };
  const passed = cellsOf(user, { time, request: 'r-1' }, row, 0, sources);
  return {
    rows: [{ key: 'k', time, label: 0, entry: 'popularity', draw: 2, ...taught(1), passed }],
    passed: { columns, sources },
  };
}
