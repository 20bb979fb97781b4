import { groupOrder, initialVectors, trialSalts } from '../../core/trial/keyedProbe.ts';
import { probe, type ProbeSettings, type TrialGroups } from '../../core/trial/probe.ts';
import { f32At, u32At } from '../../core/valueAt.ts';
import { Arena } from '../sampling/draw/wasm/arena.ts';
import { probeModule } from './probeModule.ts';

/** Globals of `assembly/probe.ts`, which documents each. */
type GlobalName =
  | 'users'
  | 'userSums'
  | 'items'
  | 'itemSums'
  | 'groupUsers'
  | 'offsets'
  | 'candidates'
  | 'corrections'
  | 'batchCorrections'
  | 'weights'
  | 'order'
  | 'groups'
  | 'batch'
  | 'masked'
  | 'pairwise'
  | 'rate'
  | 'list'
  | 'values'
  | 'ranked'
  | 'scores'
  | 'topPlaces'
  | 'topScores'
  | 'topCounts'
  | 'bestScores'
  | 'bestPlaces'
  | 'ranks';

type ProbeExports = Readonly<Record<GlobalName, WebAssembly.Global>> & {
  readonly epoch: (from: number, to: number) => number;
  readonly score4: (a: number, b: number, c: number, d: number, count: number) => void;
  readonly top4: (count: number, most: number) => void;
};

let compiled: WebAssembly.Module | null = null;

/** What was ranked for up to four users. */
export interface Ranking {
  /** Places of the items with the highest scores, highest first. */
  readonly places: Uint32Array;
  /** Number of items before the best wanted item. */
  readonly rank: number;
  /** Number of items before each place that was asked for. */
  readonly ranks: readonly number[];
}

/** The vectors of one run, in a memory of its own. */
export class ProbeModel {
  readonly #arena = new Arena(new WebAssembly.Memory({ initial: 1 }));
  readonly #exports: ProbeExports;
  readonly #order: number;
  #ranked = 0;
  #longest = 0;

  /** @param users two words for each user; `items`: for each item */
  constructor(
    private readonly groups: TrialGroups,
    private readonly settings: ProbeSettings,
    users: Uint32Array,
    items: Uint32Array,
  ) {
    compiled ??= new WebAssembly.Module(Buffer.from(probeModule, 'base64'));
    const arena = this.#arena;
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory: arena.memory } });
    this.#exports = exports as ProbeExports;
    const { inBatch, loss, seed } = settings;
    const own = widestGroup(groups) + (inBatch?.size ?? 0);
    this.#order = arena.take(4 * groups.count);
    this.#set({
      users: this.#vectors(users, trialSalts(seed, 'users')),
      userSums: arena.keep(firstSums(users.length / 2)),
      items: this.#vectors(items, trialSalts(seed, 'items')),
      itemSums: arena.keep(firstSums(items.length / 2)),
      groupUsers: arena.keep(groups.users),
      offsets: arena.keep(groups.offsets),
      candidates: arena.keep(groups.candidates),
      corrections: arena.keep(groups.corrections),
      batchCorrections: arena.keep(groups.batchCorrections),
      weights: arena.keep(groups.weights),
      order: this.#order,
      groups: groups.count,
      batch: inBatch?.size ?? 0,
      masked: inBatch?.maskSameItem === true ? 1 : 0,
      pairwise: loss === 'pairwise' ? 1 : 0,
      rate: probe.learningRate,
      list: arena.take(4 * own + 16),
      values: arena.take(4 * own + 16),
    });
  }

  /** Sets the order of the groups for an epoch, numbered from 1. */
  startEpoch(epoch: number): void {
    const order = groupOrder(this.groups.words, trialSalts(this.settings.seed, `epoch ${epoch}`));
    this.#arena.uint32(this.#order, order.length).set(order);
  }

  /** Trains on the groups from … to of the order. @returns the sum of their losses */
  train(from: number, to: number): number {
    return this.#exports.epoch(from, to);
  }

  /** Sets the items that are ranked. `longest`: how many places of each user are wanted. */
  prepareRanking(ranked: Uint32Array, longest: number): void {
    const arena = this.#arena;
    this.#ranked = ranked.length;
    this.#longest = longest;
    this.#set({
      ranked: arena.keep(ranked),
      scores: arena.take(16 * ranked.length),
      topPlaces: arena.take(16 * longest),
      topScores: arena.take(16 * longest),
      topCounts: arena.take(16),
      bestScores: arena.take(16),
      bestPlaces: arena.take(16),
      ranks: arena.take(16),
    });
  }

  /**
   * Ranks the items for one to four users.
   * @param hidden places that are left out, by user
   * @param wanted places of which the best is to be ranked, by user
   * @param each places of which each is to be ranked, by user
   */
  rank(
    users: readonly number[],
    hidden: readonly Uint32Array[],
    wanted: readonly Uint32Array[],
    each: readonly Uint32Array[],
  ): Ranking[] {
    const { score4, top4, scores, bestScores, bestPlaces, ranks, topCounts, topPlaces } = this.#exports;
    const [a = 0, b = a, c = a, d = a] = users;
    score4(a, b, c, d, this.#ranked);
    const all = this.#arena.float32(scores.value, 4 * this.#ranked);
    const best = this.#arena.float32(bestScores.value, 4).fill(Infinity);
    const places = this.#arena.uint32(bestPlaces.value, 4);
    for (let lane = 0; lane < users.length; lane++) {
      for (const place of hidden[lane] ?? []) all[4 * place + lane] = -Infinity;
      let [score, found] = [-Infinity, 0];
      for (const place of wanted[lane] ?? []) {
        const own = f32At(all, 4 * place + lane);
        // Of equal scores, the smaller place is first.
        if (own > score || (own === score && place < found)) [score, found] = [own, place];
      }
      best[lane] = score;
      places[lane] = found;
    }
    top4(this.#ranked, this.#longest);
    const counts = this.#arena.uint32(topCounts.value, 4);
    const before = this.#arena.uint32(ranks.value, 4);
    const top = this.#arena.uint32(topPlaces.value, 4 * this.#longest);
    return users.map((_, lane) => ({
      places: top.slice(lane * this.#longest, lane * this.#longest + u32At(counts, lane)),
      rank: u32At(before, lane),
      ranks: Array.from(each[lane] ?? [], (place) => this.#rankOf(all, place, lane)),
    }));
  }

  #rankOf(scores: Float32Array, place: number, lane: number): number {
    const own = f32At(scores, 4 * place + lane);
    let before = 0;
    for (let other = 0; other < this.#ranked; other++) {
      const score = f32At(scores, 4 * other + lane);
      if (score > own || (score === own && other < place)) before++;
    }
    return before;
  }

  /** The vector of a user or an item: valid until more memory is needed. */
  vector(of: 'users' | 'items', number: number): Float32Array {
    const { dimensions } = probe;
    return this.#arena.float32(this.#exports[of].value + 4 * dimensions * number, dimensions);
  }

  #vectors(words: Uint32Array, salts: ReturnType<typeof trialSalts>): number {
    const length = (words.length / 2) * probe.dimensions;
    const place = this.#arena.take(4 * length);
    initialVectors(words, salts, this.#arena.float32(place, length));
    return place;
  }

  #set(values: Readonly<Partial<Record<GlobalName, number>>>): void {
    for (const [name, value] of Object.entries(values)) this.#exports[name as GlobalName].value = value;
  }
}

function firstSums(count: number): Float32Array {
  return new Float32Array(count).fill(probe.initialSum);
}

function widestGroup({ count, offsets }: TrialGroups): number {
  let widest = 0;
  for (let group = 0; group < count; group++)
    widest = Math.max(widest, u32At(offsets, group + 1) - u32At(offsets, group));
  return widest;
}
