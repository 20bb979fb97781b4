import { groupOrder, initialVectors, trialSalts } from '../../core/trial/keyedProbe.ts';
import { probe, type ProbeSettings, type TrialGroups } from '../../core/trial/probe.ts';
import { u32At } from '../../core/valueAt.ts';
import { Arena } from '../draw/wasm/arena.ts';
import { probeModule } from './probeModule.ts';
import { ProbeRanking, type RankingExports } from './probeRanking.ts';

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
  | 'values';

type ProbeExports = Readonly<Record<GlobalName, WebAssembly.Global>> &
  RankingExports & {
    readonly epoch: (from: number, to: number) => number;
  };

let compiled: WebAssembly.Module | null = null;

/** The vectors of one run, in a memory of its own. */
export class ProbeModel {
  readonly #arena = new Arena(new WebAssembly.Memory({ initial: 1 }));
  readonly #exports: ProbeExports;
  readonly #order: number;

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

  /**
   * Ranks items by the current vectors, even if more epochs follow.
   * @param ranked numbers of the items, ascending
   * @param longest how many places of each user are listed
   */
  ranking(ranked: Uint32Array, longest: number): ProbeRanking {
    return new ProbeRanking(this.#exports, this.#arena, ranked, longest);
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
