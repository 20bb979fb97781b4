import { u32At, valueAt } from '../../core/valueAt.ts';
import type { Arena } from '../draw/wasm/arena.ts';

/** Globals of `assembly/ranking.ts`, which documents each. */
type GlobalName =
  | 'ranked'
  | 'scores'
  | 'rankedUsers'
  | 'hiddenNext'
  | 'hiddenEnd'
  | 'topKeys'
  | 'topCounts'
  | 'topLeast'
  | 'targetOffsets'
  | 'targetScores'
  | 'targetPlaces'
  | 'targetRanks';

/** Exports of the module that a ranking uses. */
export type RankingExports = Readonly<Record<GlobalName, WebAssembly.Global>> & {
  readonly scoreOf: (user: number, place: number) => number;
  readonly rank: (quads: number, count: number, most: number) => void;
  readonly countBefore: (quads: number, from: number, to: number) => void;
};

/** Most users that are ranked together: they share the loads of the items. */
export const rankedTogether = 64;
/** Bytes of the scores of a tile of items. */
const TILE_SCORES = 16 * 128;
/** Places after which users without an open target are left out for the first time. Full tiles. */
const FIRST_PLACES = 1024;

/** A user whose ranking is wanted. */
export interface RankedUser {
  readonly user: number;
  /** Places that are left out, ascending. */
  readonly hidden: Uint32Array;
  /** Places of which the best is to be ranked. */
  readonly wanted: Uint32Array;
  /** Places of which each is to be ranked. */
  readonly each: Uint32Array;
}

/** The ranking of a user. */
export interface Ranking {
  /** Places of the items with the highest scores, highest first. */
  readonly places: Uint32Array;
  /** Number of items before the best wanted item. */
  readonly rank: number;
  /** Number of items before each place that was asked for. */
  readonly ranks: readonly number[];
}

/** A place and the number of items before it, as far as they were counted. */
interface Target {
  readonly place: number;
  readonly score: number;
  before: number;
}

interface ScannedUser {
  readonly user: number;
  readonly hidden: Uint32Array;
  readonly targets: readonly Target[];
}

/** Ranks items for users by the vectors of a model. */
export class ProbeRanking {
  readonly #count: number;
  /** Rows of targets, and hidden places, that there is memory for. */
  #rows = 0;
  #hidden = { place: 0, most: 0 };

  constructor(
    private readonly exports: RankingExports,
    private readonly arena: Arena,
    ranked: Uint32Array,
    private readonly longest: number,
  ) {
    this.#count = ranked.length;
    this.#set({
      ranked: arena.keep(ranked),
      scores: arena.take(TILE_SCORES),
      rankedUsers: arena.take(4 * rankedTogether),
      hiddenNext: arena.take(4 * rankedTogether),
      hiddenEnd: arena.take(4 * rankedTogether),
      topKeys: arena.take(8 * longest * rankedTogether),
      topCounts: arena.take(4 * rankedTogether),
      topLeast: arena.take(4 * rankedTogether),
      targetOffsets: arena.take(rankedTogether + 4),
    });
  }

  /** Ranks all items for at most `rankedTogether` users. */
  rank(users: readonly RankedUser[]): Ranking[] {
    const scanned = users.map(({ user, hidden, wanted, each }) => ({
      user,
      hidden,
      targets: [this.#best(user, wanted), ...Array.from(each, (place) => this.#target(user, place))],
    }));
    const quads = this.#write(scanned, 0);
    this.exports.rank(quads, this.#count, this.longest);
    this.#read(scanned);
    const counts = this.#uint32('topCounts', users.length);
    // The low half of a key is ~place.
    const keys = this.#uint32('topKeys', 2 * this.longest * users.length);
    return scanned.map(({ targets }, k) => ({
      places: Uint32Array.from({ length: u32At(counts, k) }, (_, rank) => ~u32At(keys, 2 * (k * this.longest + rank))),
      rank: valueAt(targets, 0).before,
      ranks: targets.slice(1).map(({ before }) => before),
    }));
  }

  /**
   * The ranks of the wanted places of at most `rankedTogether` users that are below a limit, ascending. Once a place
   * has so many others before it, it is not followed any further: that saves most of the products.
   */
  ranksBelow(users: readonly RankedUser[], most: number): number[][] {
    const all = users.map(({ user, hidden, wanted }) => ({
      user,
      hidden,
      // A score that is not a number has no rank.
      targets: Array.from(wanted, (place) => this.#target(user, place)).filter(({ score }) => score > -Infinity),
    }));
    let open: readonly ScannedUser[] = all;
    let from = 0;
    while (from < this.#count) {
      open = open.flatMap((one) => {
        const targets = one.targets.filter(({ before }) => before < most);
        return targets.length === 0 ? [] : [{ ...one, targets }];
      });
      if (open.length === 0) break;
      const to = Math.min(this.#count, Math.max(FIRST_PLACES, 2 * from));
      this.exports.countBefore(this.#write(open, from), from, to);
      this.#read(open);
      from = to;
    }
    return all.map(({ targets }) =>
      targets
        .map(({ before }) => before)
        .filter((before) => before < most)
        .sort((a, b) => a - b),
    );
  }

  #target(user: number, place: number): Target {
    return { place, score: this.exports.scoreOf(user, place), before: 0 };
  }

  #best(user: number, wanted: Uint32Array): Target {
    let best: Target = { place: 0, score: -Infinity, before: 0 };
    for (const place of wanted) {
      const own = this.#target(user, place);
      // Ties are broken by the smaller index.
      if (own.score > best.score || (own.score === best.score && place < best.place)) best = own;
    }
    return best;
  }

  /**
   * Writes users, their targets and their hidden places from a place on.
   * @returns the number of quads
   */
  #write(users: readonly ScannedUser[], from: number): number {
    const quads = Math.ceil(users.length / 4);
    const rowsOf = Array.from({ length: quads }, (_, quad) =>
      Math.max(...users.slice(4 * quad, 4 * quad + 4).map(({ targets }) => targets.length)),
    );
    const rows = rowsOf.reduce((sum, own) => sum + own, 0);
    const hidden = users.reduce((sum, one) => sum + one.hidden.length, 0);
    this.#reserve(rows, hidden);
    const lanes = 4 * quads;
    // A lane without a user hides nothing, and no score is higher than infinity.
    const numbers = this.#uint32('rankedUsers', lanes).fill(users[0]?.user ?? 0);
    const next = this.#uint32('hiddenNext', lanes).fill(0);
    const end = this.#uint32('hiddenEnd', lanes).fill(0);
    const offsets = this.#uint32('targetOffsets', quads + 1).fill(0);
    rowsOf.forEach((own, quad) => {
      offsets[quad + 1] = u32At(offsets, quad) + own;
    });
    const scores = this.arena.float32(this.exports.targetScores.value, 4 * rows).fill(Infinity);
    const places = this.#uint32('targetPlaces', 4 * rows).fill(0);
    const ranks = this.#uint32('targetRanks', 4 * rows).fill(0);
    const hiddenPlaces = this.arena.uint32(this.#hidden.place, this.#hidden.most);
    let count = 0;
    users.forEach((one, k) => {
      numbers[k] = one.user;
      next[k] = this.#hidden.place + 4 * count;
      for (const place of one.hidden) if (place >= from) hiddenPlaces[count++] = place;
      end[k] = this.#hidden.place + 4 * count;
      this.#eachTarget(one, k, offsets, ({ place, score, before }, at) => {
        [scores[at], places[at], ranks[at]] = [score, place, before];
      });
    });
    return quads;
  }

  /** Takes over how many items are before each target. */
  #read(users: readonly ScannedUser[]): void {
    const offsets = this.#uint32('targetOffsets', Math.ceil(users.length / 4) + 1);
    const ranks = this.#uint32('targetRanks', 4 * u32At(offsets, offsets.length - 1));
    users.forEach((one, k) => {
      this.#eachTarget(one, k, offsets, (target, at) => {
        target.before = u32At(ranks, at);
      });
    });
  }

  /** @param visit gets each target of the k-th user and its index in the rows */
  #eachTarget(
    { targets }: ScannedUser,
    k: number,
    offsets: Uint32Array,
    visit: (target: Target, at: number) => void,
  ): void {
    const first = 4 * u32At(offsets, Math.floor(k / 4)) + (k % 4);
    targets.forEach((target, row) => {
      visit(target, first + 4 * row);
    });
  }

  /** Grows the memory of what differs in length between users. */
  #reserve(rows: number, hidden: number): void {
    if (rows > this.#rows) {
      this.#rows = 2 * rows;
      this.#set({
        targetScores: this.arena.take(16 * this.#rows),
        targetPlaces: this.arena.take(16 * this.#rows),
        targetRanks: this.arena.take(16 * this.#rows),
      });
    }
    if (hidden > this.#hidden.most) this.#hidden = { place: this.arena.take(8 * hidden), most: 2 * hidden };
  }

  #uint32(name: GlobalName, length: number): Uint32Array {
    return this.arena.uint32(this.exports[name].value, length);
  }

  #set(values: Readonly<Partial<Record<GlobalName, number>>>): void {
    for (const [name, value] of Object.entries(values)) this.exports[name as GlobalName].value = value;
  }
}
