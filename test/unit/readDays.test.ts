import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../src/core/config/read.ts';
import { planStage } from '../../src/core/sampling/plan/planStage.ts';
import { readDays, type ReadSettings } from '../../src/core/sampling/plan/readDays.ts';
import { dayNumber, isWithin, wholeDays } from '../../src/core/table/day.ts';

const none: ReadSettings = { corpusFromLog: false, asOf: [], matching: [] };
const dayText = (day: number | null): string =>
  day === null ? 'any' : new Date(day * 86_400_000).toISOString().slice(5, 10);

interface Case {
  readonly window?: string;
  readonly entry?: string;
  readonly settings?: Partial<ReadSettings>;
}
const whole = 'train: {from: 2026-11-06, to: 2026-11-08}, eval: {from: 2026-11-09, to: 2026-11-10}';

/** The days of the impressions that a recall stage reads, for train and eval. */
function daysOf({ window = whole, entry = 'global_random: 2', settings = {} }: Case): string[] {
  const text = `version: 1
seed: days
data: {impressions: {path: log, columns: {user: u, item: i, time: t}}, items: {path: items, columns: {item: i}}}
events: {click: is_click}
window: {${window}}
stages: {recall: {unit: positive, positives: {events: {click: 1}}, negatives: {per_positive: {${entry}}}}}
`;
  return (['train', 'eval'] as const).map((split) => {
    const { plan } = planStage(readConfig(text, { language: 'yaml' }).config, 'recall', { split });
    assert.ok(plan);
    const { from, to } = readDays(plan, { ...none, ...settings }).impressions;
    return `${dayText(from)} to ${dayText(to)}`;
  });
}

const known = `${whole}, known_until: 2026-11-12`;
const cases: readonly (readonly [name: string, given: Case, train: string, evaluation: string])[] = [
  ['a day more at both ends', {}, '11-05 to 11-09', '11-05 to any'],
  ['outcomes are known until', { window: known }, '11-05 to 11-09', '11-05 to 11-13'],
  [
    'a time may be of another day',
    { window: 'train: {from: 2026-11-06T22:00:00+09:00, to: 2026-11-08}' },
    '11-04 to 11-09',
    '',
  ],
  ['no start', { window: 'train: {to: 2026-11-08}' }, 'any to 11-09', ''],
  ['no end', { window: 'train: {from: 2026-11-06}' }, '11-05 to any', ''],
  [
    'exclusion before the window',
    { entry: 'global_random: {count: 2, exclude: {events: [click], lookback: 3d}}' },
    '11-02 to 11-09',
    '11-05 to any',
  ],
  [
    'exclusion of the whole log',
    { entry: 'global_random: {count: 2, exclude: {events: [click], within: all}}' },
    'any to any',
    'any to any',
  ],
  ['a window of counts', { entry: 'popularity: {count: 2, window: 7d}' }, '10-31 to 11-09', '10-31 to any'],
  ['counts of everything before', { entry: 'popularity: {count: 2}' }, 'any to 11-09', 'any to any'],
  [
    'counts up to a day',
    { entry: 'popularity: {count: 2, window: 1d, as_of: 2026-11-03}' },
    '11-01 to 11-09',
    '11-01 to any',
  ],
  ['counts that move', { entry: 'popularity: {count: 2, window: 4d, as_of: day}' }, '11-01 to 11-09', '11-03 to any'],
  ['columns with a limit of age', { settings: { asOf: [2 * 86_400_000_000] } }, '11-03 to 11-09', '11-05 to any'],
  ['columns of any age', { settings: { asOf: [null] } }, 'any to 11-09', 'any to any'],
  [
    'events that are matched by time',
    { settings: { matching: [{ by: 'time', within: 1.5 * 86_400_000_000 }] } },
    '11-03 to 11-09',
    '11-03 to any',
  ],
  [
    'events that are matched by request',
    { settings: { matching: [{ by: 'request', within: 1 }] } },
    'any to 11-09',
    'any to any',
  ],
];

for (const [name, given, train, evaluation] of cases) {
  test(`days that are read: ${name}`, () => {
    const window = given.window ?? whole;
    if (window.includes('eval:')) assert.deepEqual(daysOf(given), [train, evaluation]);
    else assert.equal(daysOf({ ...given, window: `${window}, eval: {from: 2026-11-09}` })[0], train);
  });
}

test('a day is written with or without hyphens', () => {
  assert.equal(dayNumber('1970-01-01'), 0);
  assert.equal(dayNumber('20260314'), dayNumber('2026-03-14'));
  assert.equal(dayNumber('2024-02-29'), (dayNumber('2024-03-01') ?? 0) - 1);
  assert.equal(dayNumber('0001-01-01'), -719_162);
  for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', '20260314 ', 'all', ''])
    assert.equal(dayNumber(text), null);
});

test('a folder without a day is always read', () => {
  const range = { from: 10, to: 12 };
  assert.deepEqual(
    ['1970-01-10', '19700111', '1970-01-13', '1970-01-14', 'all', null].map((text) => isWithin(text, range)),
    [false, true, true, false, true, true],
  );
  assert.ok(isWithin('1970-01-01', { from: null, to: null }));
  assert.equal(wholeDays(1), 1);
});
