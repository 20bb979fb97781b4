import { message } from '../../src/core/message/message.ts';
import type { FakeTable } from './fakeEngine.ts';

const falling = Array.from({ length: 32 }, (_, i) => Math.round(1e6 / (i + 1)));
const bell = Array.from({ length: 32 }, (_, i) => Math.round(1e5 * Math.exp(-((i - 16) ** 2) / 40)));
const quantiles = { p5: 1, p25: 2, p50: 3, p75: 5, p95: 9, exact: false } as const;

/** A sample log like in the product's mock-ups: ids above 2^53, Chinese titles, a rare positive, an embedding. */
export const impressions: FakeTable = {
  rows: 19_191_123,
  bytes: 1.42e9,
  files: 8,
  notices: [{ severity: 'warning', code: 'bad-rows', message: message('{0} rows do not fit and are kept apart', 3) }],
  counts: { '!=': 1_864_207, '=': 17_326_916, expression: 42 },
  columns: [
    {
      name: 'user_id',
      type: { kind: 'integer', bits: 64, signed: true },
      values: [7203685477590228993n, 7203685477613350144n, 7203685478022917121n],
      profile: {
        distinct: { value: 1_204_518, exact: false },
        min: '7203685477590228993',
        max: '7203685483900171264',
        mean: 7.2e18,
        quantiles,
        histogram: { kind: 'rank', counts: falling },
      },
    },
    {
      name: 'item_id',
      type: { kind: 'integer', bits: 64, signed: true },
      values: [4820193377516093441n, 5190284410023718402n, null],
      profile: {
        nulls: 12,
        distinct: { value: 981_204, exact: false },
        min: '4820193377516093441',
        max: '5190284413019933608',
        histogram: { kind: 'rank', counts: falling },
      },
    },
    {
      name: 'label',
      type: { kind: 'integer', bits: 8, signed: true },
      values: [1, 0, 0],
      profile: {
        distinct: { value: 2, exact: true },
        min: 0,
        max: 1,
        mean: 0.0971,
        top: [
          { value: 0, count: 17_326_916 },
          { value: 1, count: 1_864_207 },
        ],
        histogram: {
          kind: 'parts',
          parts: [
            { value: 0, count: 17_326_916 },
            { value: 1, count: 1_864_207 },
          ],
        },
      },
    },
    {
      name: 'source',
      type: { kind: 'string' },
      values: ['positive', 'popularity', 'hard_rank'],
      profile: {
        nulls: 1_919_112,
        distinct: { value: 4, exact: true },
        min: 'exposed_unclicked',
        max: 'positive',
        top: [
          { value: 'popularity', count: 7_456_828 },
          { value: 'exposed_unclicked', count: 4_280_219 },
          { value: 'global_random', count: 3_728_414 },
        ],
        topExact: true,
        histogram: {
          kind: 'parts',
          parts: [
            { value: 'popularity', count: 7_456_828 },
            { value: 'exposed_unclicked', count: 4_280_219 },
            { value: 'global_random', count: 3_728_414 },
          ],
        },
      },
    },
    {
      name: 'log_q',
      type: { kind: 'float', bits: 32 },
      values: [Math.fround(-13.99), -14, null],
      profile: {
        nulls: 1_864_207,
        distinct: { value: 5_012, exact: false },
        min: Math.fround(-18.25),
        max: Math.fround(-4.1),
        mean: -12.482193,
        histogram: { kind: 'range', from: -18.25, to: -4.1, counts: bell },
      },
    },
    {
      name: 'price',
      type: { kind: 'decimal', precision: 18, scale: 4 },
      values: ['388.0000', '1204.5000', '-0.0001'],
      profile: {
        distinct: { value: 31_204, exact: false },
        min: '-0.0001',
        max: '99999999999999.9999',
        mean: 512.25,
        histogram: { kind: 'range', from: '-0.0001', to: '99999999999999.9999', counts: falling },
      },
    },
    {
      name: 'ts',
      type: { kind: 'timestamp', unit: 'us', zoned: true },
      values: ['2026-11-20 08:30:15.123456+00', '2026-11-20 08:31:00+00', null],
      profile: {
        distinct: { value: 18_900_000, exact: false },
        min: '2026-11-20 00:00:00.000017+00',
        max: '2026-11-26 23:59:59.999999+00',
      },
    },
    {
      name: 'title',
      type: { kind: 'string' },
      values: ['西湖边的露台民宿', 'Sunny loft near the Marais', 'a\u001B[31mred\n'],
      profile: {
        distinct: { value: 900_000, exact: false },
        topExact: false,
        top: [
          { value: '西湖边的露台民宿', count: 20_412 },
          { value: 'Sunny loft near the Marais, with a view', count: 18_001 },
        ],
      },
    },
    {
      name: 'embedding',
      type: { kind: 'list', item: { kind: 'float', bits: 32 }, size: 64 },
      values: ['[0.12, -0.5, 1]', '[1]', null],
      profile: {
        of: 'length',
        distinct: { value: 981_204, exact: false },
        quantiles: { p5: 64, p25: 64, p50: 64, p75: 64, p95: 64, exact: true },
        list: { shortest: 64, longest: 64, emptyLists: 0, listsWithNulls: 0, vectors: null, sequence: null },
        steps: { full: 19_191_123, order: null },
      },
    },
  ],
};
