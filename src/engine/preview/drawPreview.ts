import { performance } from 'node:perf_hooks';
import type { ItemFacts, Preview, SamplingFacts } from '../../core/sampling/answers.ts';
import type { DrawnUser, PreviewTotals } from '../../core/sampling/drawn.ts';
import type { InBatch } from '../../core/sampling/inBatch.ts';
import { message } from '../../core/message/message.ts';
import { isoTime } from '../../core/sampling/isoTime.ts';
import { createSampler } from '../../core/sampling/kernel/sampler.ts';
import { missingOf } from '../../core/sampling/requested.ts';
import { plainPlacement } from '../../core/sampling/placement.ts';
import { previewOf } from '../../core/sampling/preview.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { u32At, u8At, valueAt } from '../../core/valueAt.ts';
import type { PreviewRequest } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import { NO_BIN, type Popularity } from '../inputs/facts/bins.ts';
import type { Distances } from '../inputs/facts/facts.ts';
import type { GroupFacts } from '../inputs/facts/groupFacts.ts';
import { emptyWindow } from '../inputs/emptyPlan.ts';
import { idOrder, indexOfId } from '../inputs/idOrder.ts';
import type { DrawnRows, RowCounts } from '../../core/sampling/kernel/rowCounts.ts';
import type { LoadedBlock } from '../groups/block.ts';
import { laterExposures, laterNotices } from '../groups/laterExposures.ts';
import { noticesOf } from '../groups/notices.ts';
import { checkRows } from '../inputs/rowLimit.ts';
import type { Sampling } from './openSamplingData.ts';
import { runInSlices } from '../draw/runInSlices.ts';
import { untimedSteps } from '../sequences/untimedSteps.ts';
import { shownSequences, withHistories, type UserWithSteps } from './histories/shownHistories.ts';
import { leftOutOf } from './leftOut.ts';
import { passedCells } from './passed/passedCells.ts';
import { needsExposures, rowValues, withValues } from './passed/rowValues.ts';
import { shownColumns } from './passed/shownColumns.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import { clusteredRate } from '../../core/statistics/rate.ts';

/** Draws the rows of a plan for some users, in the order in which the caller names them. */
export async function drawPreview(
  { plan, users: named, groupLimit, copies, placement = plainPlacement }: PreviewRequest,
  sampling: Sampling,
  work: Work,
): Promise<Preview> {
  const started = performance.now();
  const { data, sampled } = sampling;
  const users = [...new Set(named)];
  const isExtract = sampled.data.extract !== undefined;
  const loaded = await data.worlds.world(
    sampled,
    plan,
    work,
    isExtract ? [] : data.facts.counts(plan, await data.worlds.windows(sampled, plan, work)),
  );
  const world = await data.batches.withPool({ sampled, plan, world: loaded, placement }, work);
  const copied = shownColumns(plan, copies, sampled);
  const made = await data.block(sampled, plan, world, users, work, needsExposures(copied));
  checkRows(plan, made.block.groups.count);
  const { teacher } = made;
  const { groups, popularity, distances } = isExtract
    ? unknownFacts(plan, world, made.block.groups.count)
    : {
        groups: await data.facts.groups(sampled, plan, world, work),
        popularity: await data.facts.popularity(sampled, plan, world, work),
        distances: await data.facts.distances(sampled, plan, world, work),
      };
  const batching = { sampled, plan, world, placement };
  const inBatch = await data.batches.inBatch(batching, made.block, users, popularity, work);
  const drawing = performance.now();
  const drawn = await runInSlices(
    previewOf(createSampler(plan, world), made.block, {
      texts: world.items.texts,
      groupLimit,
      bins: { count: popularity.to.length, ofItem: popularity.ofItem },
      distances: distances.ofEntries,
      ...(teacher ? { teacher: (rows) => teacher.rows(rows, made.block.groups, made.origins) } : {}),
    }),
    made.block.groups.count,
    work,
  );
  const drawingMilliseconds = performance.now() - drawing;
  const passed = copied.columns.length === 0 ? null : await passedCells(copied.columns, drawn, made, sampling, work);
  const explained =
    passed === null && teacher === null && made.outcomes === null
      ? drawn.users
      : withValues(drawn.users, rowValues(drawn, made, passed));
  const rows = new Map((await data.users(sampled, users, work)).map((one) => [one.user, one]));
  const batched = explained.map((one, k) => withBatches(one, inBatch, u32At(made.block.groups.offsets, k)));
  const sequences = copies?.sequences ?? [];
  const shown = await withHistories(batched, made, sequences, sampling, work);
  const byUser = new Map(
    shown.map((one, k) => [
      one.user,
      {
        ...one,
        ...(made.users[k] ?? { isKnown: false, impressions: 0, positiveImpressions: 0 }),
        ...leftOutOf(plan, made.dropped, ({ user }) => user === one.user),
        attributes: rows.get(one.user)?.attributes ?? {},
      },
    ]),
  );
  const items = await factsOfItems(shown, world, popularity, sampling, work);
  return {
    users: users.map((user) => byUser.get(user)).filter((one) => one !== undefined),
    totals: drawn.totals,
    ...(inBatch === null ? {} : { inBatch: inBatch.totals(await distances.of(data.batches.times(batching, work))) }),
    ...(passed === null ? {} : { passed: passed.values }),
    ...(sequences.length === 0 ? {} : { sequences: shownSequences(sequences) }),
    facts: {
      ...factsOf(world, groups, popularity),
      ...(isExtract ? { corpus: null } : {}),
      exposureDistance: distances.ofExposures,
      ...eventsOf(world),
      items,
    },
    // An extract does not have all ids that count as items.
    ...(made.histories.length === 0 || isExtract ? {} : { histories: made.histories }),
    notices: [
      ...emptyWindow(plan, world, groups.groups, isExtract),
      ...(isExtract && plan.inBatch !== null ? [noBatches] : []),
      ...noticesOf(
        plan,
        world,
        { ...made, tally: { ...made.tally, downsampled: drawn.downsampled } },
        { some: true, changed: sampling.changed },
      ),
      ...laterNotices(plan.entries, laterExposures(drawn.rows, made.block)),
      ...copied.notices.concat(await untimedSteps(sampled, sequences, work)),
      ...(passed?.notices ?? []),
    ],
    milliseconds: { drawing: drawingMilliseconds, total: performance.now() - started },
  };
}

/**
 * @param first number of the user's first group in the block. In the unit positive all its groups are shown, up to the
 * limit
 */
function withBatches(user: DrawnUser, inBatch: InBatch | null, first: number): DrawnUser {
  if (inBatch === null) return user;
  return {
    ...user,
    groups: user.groups.map((group, k) => {
      const own = inBatch.resultOf(first + k);
      return own === null ? group : { ...group, inBatch: own };
    }),
  };
}

/** Totals of what a plan draws for some users, without their rows. */
export async function drawTotals(
  { logq: _logq, ...plan }: StagePlan,
  users: readonly string[],
  { data, sampled }: Sampling,
  work: Work,
): Promise<{
  readonly totals: PreviewTotals;
  readonly missing: MissingByUser;
  readonly world: LoadedWorld;
  readonly made: LoadedBlock;
  readonly rows: DrawnRows;
}> {
  const world = await data.worlds.world(sampled, plan, work);
  const made = await data.block(sampled, plan, world, users, work);
  const { block } = made;
  checkRows(plan, block.groups.count);
  const missing = new MissingByUser();
  const options = {
    texts: world.items.texts,
    groupLimit: 0,
    bins: { count: 0, ofItem: [] },
    distances: plan.entries.map(() => null),
    afterUser: missing.add,
  };
  const drawing = previewOf(createSampler(plan, world), block, options);
  const { totals, rows } = await runInSlices(drawing, block.groups.count, work);
  return { totals, missing, world, made, rows };
}

const noBatches = message('In-batch negatives are not shown: an extract does not have the positives of other users');

/** Facts over all users are not in an extract: there are no bins, percentiles and distances. */
function unknownFacts(
  { entries }: StagePlan,
  { items: { count } }: LoadedWorld,
  groups: number,
): { readonly groups: GroupFacts; readonly popularity: Popularity; readonly distances: Distances } {
  return {
    groups: { groups, positives: new Float64Array(count) },
    popularity: {
      to: [],
      corpus: [],
      ofItem: new Uint8Array(count).fill(NO_BIN),
      percentile: new Float64Array(count).fill(NaN),
      heat: new Float64Array(count),
    },
    distances: { ofExposures: null, ofEntries: entries.map(() => null), of: () => Promise.resolve(null) },
  };
}

function factsOf(
  world: LoadedWorld,
  { groups, positives }: GroupFacts,
  { to, corpus, ofItem }: Popularity,
): Omit<SamplingFacts, 'exposureDistance' | 'items'> {
  const inBins = to.map(() => 0);
  positives.forEach((count, item) => {
    const bin = u8At(ofItem, item);
    if (bin !== NO_BIN) inBins[bin] = valueAt(inBins, bin) + count;
  });
  return {
    cut: isoTime(world.cut),
    corpus: corpus.reduce((sum, count) => sum + count, 0),
    groups,
    positives: positives.reduce((sum, count) => sum + count, 0),
    bins: { to, corpus, positives: inBins },
  };
}

function eventsOf({ events, unknown }: LoadedWorld): Pick<SamplingFacts, 'events' | 'unknown'> {
  return { ...(events.length === 0 ? {} : { events }), ...(unknown.length === 0 ? {} : { unknown }) };
}

/** Facts to display about the items in an answer. */
async function factsOfItems(
  users: readonly UserWithSteps[],
  { items: { texts, kind } }: LoadedWorld,
  popularity: Popularity,
  { data, sampled }: Sampling,
  work: Work,
): Promise<Record<string, ItemFacts>> {
  const named = new Set<string>();
  for (const { groups, steps = [] } of users) {
    for (const { item } of steps.flat()) named.add(item);
    for (const { item, rows, inBatch } of groups) {
      if (item !== null) named.add(item);
      for (const one of inBatch?.items ?? []) named.add(one.item);
      for (const row of rows) {
        named.add(row.item);
        if (row.why.kind === 'pool') for (const rejection of row.why.rejected) named.add(rejection.item);
      }
    }
  }
  const order = idOrder(kind);
  const places = new Map([...named].map((item) => [item, indexOfId(texts, item, order)]));
  const facts = await data.facts.texts.facts(
    sampled,
    [...places.values()].filter((place) => place >= 0),
    popularity,
    work,
  );
  return Object.fromEntries(
    [...places].flatMap(([item, place]) => {
      const own = facts.get(place);
      return own ? [[item, own]] : [];
    }),
  );
}

interface Sums {
  readonly asked: number;
  readonly missing: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}
const none: Sums = { asked: 0, missing: 0, xx: 0, xy: 0, yy: 0 };

/** Missing rows of the entries, user by user: rows of one user are alike. */
class MissingByUser {
  readonly #sums: Sums[] = [];

  /** Called after each user, with the counts of all users so far. */
  readonly add = (entries: RowCounts['entries']): void => {
    for (const [e, entry] of entries.entries()) {
      const before = this.#sums[e] ?? none;
      const [asked, missing] = [entry.asked, missingOf(entry)];
      const [y, x] = [asked - before.asked, missing - before.missing];
      this.#sums[e] = {
        asked,
        missing,
        xx: before.xx + x * x,
        xy: before.xy + x * y,
        yy: before.yy + y * y,
      };
    }
  };

  /** How much the variance of the share of missing rows of entry `e` exceeds that of independent rows; at least 1. */
  design(e: number): number {
    const { asked, missing, ...sums } = this.#sums[e] ?? none;
    return clusteredRate({ x: missing, y: asked, ...sums }).design;
  }
}
