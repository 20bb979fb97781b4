import type { Stage } from '../../src/core/schema/stage.ts';
import type { PreviewAnswer, SamplerParams } from '../../src/protocol/preview.ts';
import type {
  EffectiveShares,
  EntryTotals,
  PreviewGroup,
  PreviewRow,
  PreviewUser,
  Rejection,
  SamplingFacts,
  Why,
} from '../../src/protocol/sampling.ts';
import { entriesOf, fakeSummary, type FakeConfig } from './fakeConfig.ts';
import { cities, hash, titles } from './fakeData.ts';

/** Typical users: with many clicks, with few, with none, and one that the log does not have. */
export const fakeUsers: readonly (readonly [user: string, shown: number, chosen: number])[] = [
  ['7203685477590228993', 312, 41],
  ['7203685477613350144', 64, 9],
  ['7203685478022917121', 1187, 203],
  ['7203685479150604288', 12, 1],
  ['7203685480097751042', 98, 7],
  ['7203685481336299520', 41, 0],
  ['7203685482210004993', 540, 66],
  ['7203685483900171264', 27, 3],
  ['7203685484000000001', 18, 2],
  ['7203685485000000777', 3004, 388],
];
export const heavyUser = '7203685999999999999';
export const corpus = 1_204_518;
const binCount = 100;

const items = Array.from({ length: 600 }, (_, k) => {
  const rank = Math.floor(10 * (corpus / 10) ** hash(k, 1));
  return {
    id: String(4820193377516093441n + BigInt(k) * 977_113n),
    title: k % 41 === 7 ? null : (titles[k % titles.length] ?? ''),
    city: cities[Math.floor(hash(k, 3) * cities.length)] ?? '',
    percentile: 100 * (1 - rank / corpus),
    rank,
  };
});
function itemAt(u: number, bend: number): (typeof items)[number] {
  return itemsByHeat[Math.min(itemsByHeat.length - 1, Math.floor(u ** bend * itemsByHeat.length))] ?? never();
}
const itemsByHeat = [...items].sort((a, b) => a.rank - b.rank);

function never(): never {
  throw new Error('no items');
}

const wordOf = (text: string): number =>
  [...text].reduce((h, c) => (Math.imul(h, 31) + (c.codePointAt(0) ?? 0)) | 0, 7);
const chance = (seed: string, ...parts: readonly (string | number)[]): number =>
  hash(wordOf(`${seed}/${parts.join('/')}`), parts.length);

interface Drawing {
  readonly seed: string;
  readonly stage: Stage;
  readonly config: FakeConfig;
  readonly facts: Record<string, SamplingFacts['items'][string]>;
}

export function fakePreview(
  uri: string,
  config: FakeConfig,
  params: SamplerParams & { readonly users: readonly string[]; readonly groupLimit: number | null },
): PreviewAnswer {
  const facts: Drawing['facts'] = {};
  const drawing: Drawing = { seed: params.seed ?? config.seed, stage: params.stage, config, facts };
  const users = params.users.map((user) => drawUser(drawing, user, params.groupLimit));
  const groups = users.flatMap((user) => user.groups);
  const rows = groups.flatMap((group) => group.rows);
  const names = Object.keys(entriesOf(params.stage, config)).sort();
  const to = Array.from({ length: binCount }, (_, k) => 10 ** (-5 + (5 * (k + 1)) / binCount));
  const binOf = (row: PreviewRow): number => {
    const percentile = facts[row.item]?.percentile;
    const share = 1 - (typeof percentile === 'number' ? percentile : 0) / 100;
    const bin = to.findIndex((end) => end >= share);
    return bin < 0 ? binCount - 1 : bin;
  };
  const bins = (chosen: readonly PreviewRow[]): number[] =>
    chosen.reduce(
      (counts, row) => {
        counts[binOf(row)] = (counts[binOf(row)] ?? 0) + 1;
        return counts;
      },
      to.map(() => 0),
    );
  const rejections = { positive: 0, excluded: 0, ineligible: 0, repeated: 0 };
  for (const { why } of rows) if (why.kind === 'pool') for (const { reason } of why.rejected) rejections[reason]++;
  const entries = names.map((name): EntryTotals => {
    const drawn = rows.filter(({ entry, label }) => entry === name && label === 0);
    const short = groups.flatMap(({ shortfall }) => shortfall[name] ?? []);
    const dropped = groups.flatMap(({ repeated = [] }) => repeated.filter(({ entry }) => entry === name));
    return {
      name,
      source: name,
      drawn: drawn.length,
      asked: drawn.length + dropped.length + short.reduce((sum, { asked, drawn }) => sum + asked - drawn, 0),
      repeated: dropped.length,
      attempts: drawn.length + drawn.reduce((sum, { why }) => sum + (why.kind === 'pool' ? why.rejected.length : 0), 0),
      shortfalls: { pool: 0, attempts: 0, list: short.length > 0 ? short.length : 0 },
      shortGroups: short.length,
      distance: { exposed_unclicked: 0.41, popularity: 0.24, global_random: 0.03, hard_rank: 0.46 }[name] ?? null,
    };
  });
  return {
    sampler: fakeSummary(uri, config, params),
    preview: {
      users,
      totals: {
        groups: users.reduce((sum, { groupCount }) => sum + groupCount, 0),
        positives: rows.filter(({ label }) => label === 1).length,
        negatives: rows.filter(({ label }) => label === 0).length,
        entries,
        rejections,
        ...(params.stage === 'recall' ? { effective: effectiveShares(names) } : {}),
        positiveBins: bins(rows.filter(({ label }) => label === 1)),
        entryBins: names.map((name) => bins(rows.filter(({ entry, label }) => entry === name && label === 0))),
      },
      facts: {
        cut: '2026-03-14T23:59:59.999999Z',
        corpus,
        groups: 1_864_207,
        positives: 1_864_207,
        exposureDistance: 0.41,
        items: facts,
        bins: {
          to,
          corpus: to.map((end, k) => Math.round(corpus * (end - (to[k - 1] ?? 0)))),
          positives: to.map((_, k) => 12_000 + k * 130),
        },
      },
      notices: [],
      milliseconds: { drawing: 12, total: 41 },
    },
  };
}

function drawUser(drawing: Drawing, user: string, limit: number | null): PreviewUser {
  const known = fakeUsers.find(([id]) => id === user);
  const heavy = user === heavyUser;
  const [, impressions, positiveImpressions] = known ?? [user, heavy ? 240_000 : 0, heavy ? 10_000 : 0];
  const all =
    drawing.stage === 'fine_ranking'
      ? Math.min(impressions, 400)
      : drawing.stage === 'coarse_ranking'
        ? Math.ceil(impressions / 6)
        : positiveImpressions;
  const count = limit === null ? all : Math.min(all, limit);
  return {
    user,
    isKnown: known !== undefined || heavy,
    impressions,
    positiveImpressions,
    attributes: { region: 'east' },
    groupCount: all,
    groups: Array.from({ length: count }, (_, k) => drawGroup(drawing, user, k)),
  };
}

function drawGroup(drawing: Drawing, user: string, place: number): PreviewGroup {
  const { seed, stage, config } = drawing;
  const time = new Date(Date.UTC(2026, 2, 1 + (place % 14), (place * 7) % 24, (place * 13) % 60, 12))
    .toISOString()
    .replace('Z', '004Z');
  const positive = take(drawing, chance('log', user, place), 0.9);
  const request = `r-${wordOf(user) >>> 0}-${place}`;
  const key = [user, positive, time, request, 'click'].join('\u001f');
  if (stage === 'fine_ranking') {
    const clicked = chance('click', user, place) < 0.13;
    const row: PreviewRow = {
      item: positive,
      label: clicked ? 1 : 0,
      source: clicked ? null : 'exposed_unclicked',
      entry: clicked ? null : 'exposed_unclicked',
      draw: null,
      logQ: null,
      logQMix: null,
      weight: 1,
      keepProbability: null,
      why: { kind: 'exposure', event: clicked ? 'click' : null },
    };
    return { key, item: positive, request, time, rows: [row], quotas: {}, shortfall: {} };
  }
  const rows: PreviewRow[] =
    stage === 'coarse_ranking' && place % 3 > 0
      ? []
      : [
          {
            item: positive,
            label: 1,
            source: null,
            entry: null,
            draw: null,
            logQ: null,
            logQMix: -11.204,
            weight: 1,
            keepProbability: place % 4 === 0 ? 0.4183 : null,
            why: { kind: 'positive', event: 'click' },
          },
        ];
  const quotas: Record<string, number> = {};
  const shortfall: Record<string, { asked: number; drawn: number; cause: 'list' }> = {};
  for (const [name, amount] of Object.entries(entriesOf(stage, config)).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const asked =
      stage === 'recall' ? Math.floor(config.perGroup * amount + chance(seed, user, place, name, 'quota')) : amount;
    if (asked === 0) continue;
    quotas[name] = asked;
    const drawn = name === 'exposed_unclicked' && (place + wordOf(user)) % 9 === 0 ? Math.max(0, asked - 2) : asked;
    if (drawn < asked) shortfall[name] = { asked, drawn, cause: 'list' };
    for (let draw = 0; draw < drawn; draw++) rows.push(drawRow(drawing, user, place, name, draw, positive));
  }
  // `distinct` drops a draw of the last entry.
  const last = stage === 'coarse_ranking' && place === 1 ? rows.pop() : undefined;
  const item = rows.find(({ label }) => label === 0)?.item ?? '';
  const repeated = last?.entry ? { repeated: [{ entry: last.entry, item }] } : {};
  return { key, item: stage === 'recall' ? positive : null, request, time, rows, quotas, shortfall, ...repeated };
}

function drawRow(
  drawing: Drawing,
  user: string,
  place: number,
  name: string,
  draw: number,
  positive: string,
): PreviewRow {
  const { seed, config } = drawing;
  const pool = name === 'popularity' || name === 'global_random';
  const bend =
    name === 'global_random'
      ? 0.09
      : name === 'popularity'
        ? 0.12 + config.exponent ** 2
        : name === 'hard_rank'
          ? 0.4
          : 0.6;
  const u = chance(name === 'popularity' ? `${seed}${config.exponent}` : seed, user, place, name, draw);
  const item = take(drawing, u, bend);
  const logQ =
    name === 'global_random' ? -14.002 : name === 'popularity' ? -8.4 - u * 6 : name === 'hard_rank' ? -5.991 : -4.007;
  const hit = chance(seed, user, place, name, draw, 'reject');
  const rejected: Rejection[] =
    hit < 0.1
      ? [
          {
            attempt: draw,
            item: hit < 0.02 ? positive : take(drawing, hit * 8, bend),
            reason: hit < 0.02 ? 'positive' : hit < 0.05 ? 'repeated' : 'excluded',
          },
        ]
      : [];
  const why: Why = pool
    ? {
        kind: 'pool',
        attempt: draw + rejected.length,
        u,
        weight: name === 'global_random' ? 1 : 20_167 + Math.floor((1 - u) * 400_000),
        total: name === 'global_random' ? corpus - 41 : 1_086_174_208,
        size: corpus,
        pool: null,
        rejected,
      }
    : {
        kind: 'list',
        tier: name === 'exposed_unclicked' && draw > 5 ? 'user' : 'request',
        rank: draw,
        size: name === 'exposed_unclicked' ? 6 : 400,
        channel: name === 'coarse_filtered' ? 'two_tower' : null,
      };
  return {
    item,
    label: 0,
    source: name,
    entry: name,
    draw,
    logQ,
    logQMix: logQ - 0.894,
    weight: 1,
    keepProbability: null,
    why,
  };
}

function take({ facts }: Drawing, u: number, bend: number): string {
  const { id, title, city, percentile } = itemAt(u, bend);
  facts[id] = { title, attributes: { city }, percentile };
  return id;
}

/** Lists hardly count with `logq: corpus`. */
function effectiveShares(names: readonly string[]): EffectiveShares {
  const shares: Readonly<Record<string, number>> = {
    exposed_unclicked: 0.004,
    popularity: 0.263,
    global_random: 0.733,
  };
  return {
    entries: names.map((name) => shares[name] ?? 0),
    inBatch: null,
    largestExpected: names.map(() => null),
    uncorrected: 0,
  };
}
