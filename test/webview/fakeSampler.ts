import type { Comparison, UserComparison } from '../../src/core/sampling/compare.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import type { Knob, PreviewAnswer, SamplerParams, SamplerSummary } from '../../src/protocol/preview.ts';
import type {
  EntryTotals,
  PreviewGroup,
  PreviewRow,
  PreviewUser,
  Rejection,
  SamplingFacts,
  Why,
} from '../../src/protocol/sampling.ts';
import { cities, hash, titles } from './fakeData.ts';

/** The parts of a config that the fake samples from. Lines are those of the text in the screenshot. */
export interface FakeConfig {
  seed: string;
  perGroup: number;
  shares: Record<string, number>;
  exponent: number;
}
export const freshConfig = (): FakeConfig => ({
  seed: 'spring-campaign',
  perGroup: 10,
  shares: { exposed_unclicked: 0.3, popularity: 0.4, global_random: 0.2, hard_rank: 0.1 },
  exponent: 0.75,
});

const lineOf: Readonly<Record<string, number>> = {
  perGroup: 24,
  exposed_unclicked: 29,
  popularity: 31,
  exponent: 32,
  global_random: 34,
  hard_rank: 36,
};
const families: Readonly<Record<string, NonNullable<Knob['family']>>> = {
  exposed_unclicked: 'exposure',
  popularity: 'popularity',
  global_random: 'random',
  hard_rank: 'hard',
  same_attribute: 'random',
  ranked_unexposed: 'cascade',
  coarse_filtered: 'cascade',
};

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

export function fakeSummary(
  uri: string,
  config: FakeConfig,
  params: Pick<SamplerParams, 'stage' | 'seed' | 'epoch'>,
): SamplerSummary {
  const range = (key: string): Knob['range'] => ({
    start: { line: lineOf[key] ?? 0, character: 15 },
    end: { line: lineOf[key] ?? 0, character: 19 },
  });
  const recall = params.stage === 'recall';
  const entries = entriesOf(params.stage, config);
  const share = ([name, value]: [string, number]): Knob => ({
    id: `mix.${name}`,
    kind: recall ? 'share' : 'count',
    entry: name,
    source: name,
    family: families[name] ?? null,
    value,
    min: 0,
    max: recall ? 1 : 100,
    step: recall ? 0.01 : 1,
    range: range(name),
  });
  const none: Pick<Knob, 'entry' | 'source' | 'family'> = { entry: null, source: null, family: null };
  return {
    uri,
    name: 'spring.ratio.yaml',
    stages: ['recall', 'coarse_ranking', 'fine_ranking'],
    plan: {
      stage: params.stage,
      unit: unitOf(params.stage),
      seed: params.seed ?? config.seed,
      epoch: params.epoch ?? 0,
      timezone: 'UTC',
      split: 'train',
      window: { train: { from: '2026-03-01', to: '2026-03-14' }, eval: null },
      positives: { events: [{ name: 'click', weight: 1 }], hotThreshold: null, maxPerUserPerDay: null },
      amounts: recall
        ? { kind: 'shares', perGroup: config.perGroup }
        : { kind: params.stage === 'fine_ranking' ? 'none' : 'counts' },
      entries: [],
      onShortfall: 'keep',
      refillFrom: null,
      exposures: null,
      inBatch: null,
    },
    seed: config.seed,
    epoch: 0,
    knobs:
      params.stage === 'fine_ranking'
        ? []
        : [
            ...(recall
              ? [
                  {
                    id: 'perGroup',
                    kind: 'perGroup',
                    ...none,
                    value: config.perGroup,
                    min: 1,
                    max: 20,
                    step: 1,
                    range: range('perGroup'),
                  } satisfies Knob,
                ]
              : []),
            ...Object.entries(entries).map(share),
            ...(recall
              ? [
                  {
                    id: 'exponent',
                    kind: 'exponent',
                    entry: 'popularity',
                    source: 'popularity',
                    family: 'popularity',
                    value: config.exponent,
                    min: 0,
                    max: 1,
                    step: 0.01,
                    range: range('exponent'),
                  } satisfies Knob,
                ]
              : []),
          ],
    problems: [],
  };
}

const unitOf = (stage: Stage): 'positive' | 'request' | 'impression' =>
  stage === 'recall' ? 'positive' : stage === 'coarse_ranking' ? 'request' : 'impression';

function entriesOf(stage: Stage, config: FakeConfig): Record<string, number> {
  return stage === 'recall'
    ? config.shares
    : stage === 'coarse_ranking'
      ? { exposed_unclicked: 4, ranked_unexposed: 4, coarse_filtered: 8 }
      : { exposed_unclicked: 1 };
}

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
    const share = 1 - (facts[row.item]?.percentile ?? 0) / 100;
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
    return {
      name,
      source: name,
      drawn: drawn.length,
      asked: drawn.length + short.reduce((sum, { asked, drawn }) => sum + asked - drawn, 0),
      attempts: drawn.length + drawn.reduce((sum, { why }) => sum + (why.kind === 'pool' ? why.rejected.length : 0), 0),
      shortfalls: { pool: 0, attempts: 0, list: short.length > 0 ? short.length : 0 },
      shortGroups: short.length,
      biasRemoved: { exposed_unclicked: 0, popularity: 0.41, global_random: 0.93, hard_rank: 0.12 }[name] ?? null,
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
        positiveBins: bins(rows.filter(({ label }) => label === 1)),
        entryBins: names.map((name) => bins(rows.filter(({ entry, label }) => entry === name && label === 0))),
      },
      facts: {
        cut: '2026-03-14T23:59:59.999999Z',
        corpus,
        groups: 1_864_207,
        positives: 1_864_207,
        exposureBias: 0.41,
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
  const [, shown, chosen] = known ?? [user, heavy ? 240_000 : 0, heavy ? 10_000 : 0];
  const all =
    drawing.stage === 'fine_ranking'
      ? Math.min(shown, 400)
      : drawing.stage === 'coarse_ranking'
        ? Math.ceil(shown / 6)
        : chosen;
  const count = limit === null ? all : Math.min(all, limit);
  return {
    user,
    known: known !== undefined || heavy,
    shown,
    chosen,
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
  return { key, item: stage === 'recall' ? positive : null, request, time, rows, quotas, shortfall };
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

export function fakeComparison(a: PreviewAnswer, b: PreviewAnswer, changes: Comparison['changes']): Comparison {
  const users = b.preview.users.map((user): UserComparison => {
    const other = a.preview.users.find((each) => each.user === user.user);
    const groups = user.groups.map((group) => {
      const own = negativesOf(group);
      const against = negativesOf(other?.groups.find(({ key }) => key === group.key));
      const draw = (row: PreviewRow | undefined) =>
        row ? { entry: row.entry ?? '', source: row.source ?? '', draw: row.draw ?? 0 } : null;
      const rows = [...new Set([...against.keys(), ...own.keys()])].map((item) => {
        const [inA, inB] = [draw(against.get(item)), draw(own.get(item))];
        const change =
          inA && inB
            ? inA.entry === inB.entry && inA.draw === inB.draw
              ? ('same' as const)
              : ('moved' as const)
            : inA
              ? ('out' as const)
              : ('in' as const);
        return { item, change, a: inA, b: inB };
      });
      return { key: group.key, rows, a: against.size, b: own.size, ...overlapOf(rows) };
    });
    const sum = (key: 'a' | 'b' | 'same' | 'moved' | 'out' | 'in'): number =>
      groups.reduce((total, group) => total + group[key], 0);
    return {
      user: user.user,
      groups,
      a: sum('a'),
      b: sum('b'),
      same: sum('same'),
      moved: sum('moved'),
      out: sum('out'),
      in: sum('in'),
    };
  });
  const rows = users.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
  const total = (key: 'a' | 'b' | 'same' | 'moved' | 'out' | 'in'): number =>
    users.reduce((sum, user) => sum + user[key], 0);
  const names = [...new Set([...a.preview.totals.entries, ...b.preview.totals.entries].map(({ name }) => name))].sort();
  return {
    users,
    changes,
    totals: {
      a: total('a'),
      b: total('b'),
      same: total('same'),
      moved: total('moved'),
      out: total('out'),
      in: total('in'),
    },
    entries: names.map((name) => {
      const of = (side: 'a' | 'b'): number => rows.filter((row) => row[side]?.entry === name).length;
      return {
        name,
        source: name,
        same: rows.filter((row) => row.a?.entry === name && row.b?.entry === name).length,
        larger: Math.max(of('a'), of('b')),
      };
    }),
  };
}

function negativesOf(group: PreviewGroup | undefined): Map<string, PreviewRow> {
  return new Map(group?.rows.filter(({ label }) => label === 0).map((row) => [row.item, row]));
}

function overlapOf(rows: readonly { change: 'same' | 'moved' | 'out' | 'in' }[]): {
  same: number;
  moved: number;
  out: number;
  in: number;
} {
  const count = (...changes: readonly string[]): number => rows.filter(({ change }) => changes.includes(change)).length;
  return { same: count('same', 'moved'), moved: count('moved'), out: count('out'), in: count('in') };
}
