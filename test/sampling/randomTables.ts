import type { Dice } from './dice.ts';
import { columnOfTime, type TimeForm } from './timeForms.ts';
import type { Cell, Row, Table, TableName } from './world.ts';

/** The properties of a random world. */
export interface Traits {
  readonly zone: string;
  readonly userKind: IdKind;
  readonly itemKind: IdKind;
  /** `own`: request numbers start at 1 for every user. */
  readonly requestKind: IdKind | 'own' | 'none';
  /** Times are whole seconds, so that many are equal. */
  readonly coarse: boolean;
  readonly size: 'ordinary' | 'one item' | 'tiny' | 'heavy';
  readonly hasItems: boolean;
  readonly hasUsers: boolean;
  readonly hasCandidates: boolean;
  readonly candidateUser: boolean;
  readonly candidateTime: boolean;
  readonly hasRejections: boolean;
  readonly hasClicks: boolean;
  readonly clickRequest: boolean;
  /** Doubles are sometimes NaN. */
  readonly flags: 'BOOLEAN' | 'INTEGER' | 'DOUBLE';
  readonly times: Readonly<Record<'impressions' | 'candidates' | 'rejections' | 'created' | 'removed', TimeForm>>;
}
type IdKind = 'BIGINT' | 'VARCHAR';

/** Of the odd ids, UTF-8 sorts U+FF5E before U+1F600; UTF-16 sorts them the other way round. */
const oddTexts = [
  '用户一',
  '~',
  '\u{1F600}',
  '\uff5e',
  'a b',
  '007',
  '-1',
  'e\u0301',
  '\u00e9',
  "o'k",
  'x,y',
  '"q"',
  'Z',
  'a',
  '10',
  '9',
];
const oddNumbers = [9007199254740993n, 9007199254740992n, 4820193377516093441n, -3n, 0n, 10n, 9n, 9223372036854775807n];
/** From 2026-10-30 to 2026-11-13, in microseconds. */
const first = Date.UTC(2026, 9, 30) * 1000;
const last = Date.UTC(2026, 10, 13) * 1000;
/** Clocks in New York show this time twice. */
const twice = [Date.UTC(2026, 10, 1, 5) * 1000, Date.UTC(2026, 10, 1, 7) * 1000] as const;

export function randomTables(dice: Dice, traits: Traits): Partial<Record<TableName, Table>> {
  return new Tables(dice, traits).all();
}

class Tables {
  readonly #users: Cell[];
  readonly #items: Cell[];
  readonly #shown: Row[] = [];
  readonly #requests: { readonly user: Cell; readonly request: Cell; readonly time: number }[] = [];

  constructor(
    private readonly dice: Dice,
    private readonly traits: Traits,
  ) {
    const { size } = traits;
    this.#users = this.#ids(traits.userKind, size === 'heavy' ? 3 : dice.whole(1, 7), 'u');
    this.#items = this.#ids(
      traits.itemKind,
      { 'one item': 1, tiny: dice.whole(2, 5), ordinary: dice.whole(6, 45), heavy: 1500 }[size],
      'i',
    );
  }

  all(): Partial<Record<TableName, Table>> {
    const { traits } = this;
    const impressions = this.#impressions();
    return {
      impressions,
      ...(traits.hasClicks ? { clicks: this.#clicks() } : {}),
      ...(traits.hasItems ? { items: this.#corpus() } : {}),
      ...(traits.hasUsers ? { users: this.#people() } : {}),
      ...(traits.hasCandidates ? { candidates: this.#candidates() } : {}),
      ...(traits.hasRejections ? { rejections: this.#rejections() } : {}),
    };
  }

  #ids(kind: IdKind, count: number, letter: string): Cell[] {
    const odd: readonly Cell[] = kind === 'BIGINT' ? oddNumbers : oddTexts;
    const plain = Array.from({ length: count }, (_, k): Cell =>
      kind === 'BIGINT' ? 7203685477590228000n + BigInt(k) : `${letter}${k}`,
    );
    return this.dice.shuffled(
      [...new Set([...this.dice.some(odd, this.dice.whole(0, Math.min(odd.length, count))), ...plain])].slice(0, count),
    );
  }

  #moment(): number {
    for (;;) {
      const at = Math.floor(first + this.dice.unit() * (last - first));
      const moment = this.traits.coarse ? at - (at % 1_000_000) : at;
      if (moment < twice[0] || moment >= twice[1]) return moment;
    }
  }

  /** Some items occur far more often than others. */
  #item(): Cell {
    return this.#items[Math.floor(this.dice.unit() ** 2 * this.#items.length)] ?? null;
  }

  #flag(probability: number): Cell {
    const holds = this.dice.chance(probability);
    if (this.dice.chance(0.03)) return this.#nothing();
    return this.traits.flags === 'BOOLEAN' ? holds : Number(holds);
  }

  /** A missing number. */
  #nothing(): Cell {
    return this.traits.flags === 'DOUBLE' ? this.dice.pick([null, NaN]) : null;
  }

  #impressions(): Table {
    const { dice, traits } = this;
    const numbers = new Map<Cell, number>();
    const count = traits.size === 'heavy' ? 90 : dice.whole(1, 28);
    const times = columnOfTime(traits.times.impressions, traits.zone);
    for (let k = 0; k < count; k++) {
      const heavy = traits.size === 'heavy' && k < 75;
      const user = heavy ? (this.#users[0] ?? null) : dice.pick(this.#users);
      const own = (numbers.get(user) ?? 0) + 1;
      numbers.set(user, own);
      const again = dice.chance(0.1) ? this.#requests.at(-1)?.time : undefined;
      const time = again ?? this.#moment();
      const request = { own: BigInt(own), BIGINT: 9007199254740993n + BigInt(k), VARCHAR: `请求-${k}`, none: null }[
        traits.requestKind
      ];
      // Candidates may have requests even if the log has none.
      this.#requests.push({ user, request: request ?? BigInt(k), time });
      const rows = heavy ? 20 : dice.whole(1, 7);
      for (let place = 0; place < rows; place++) {
        const item = heavy ? (this.#items[k * 20 + place] ?? null) : this.#item();
        this.#show({ user, item, time, request, place: place + 1, clicked: heavy ? 0.006 : 0.25 }, times.cell);
      }
    }
    return {
      types: {
        user_id: traits.userKind,
        item_id: traits.itemKind,
        ts: times.type,
        position: 'INTEGER',
        is_viewed: traits.flags,
        is_click: traits.flags,
        play_time: traits.flags === 'DOUBLE' ? 'DOUBLE' : 'INTEGER',
        mark: 'INTEGER',
        scene: 'VARCHAR',
        ...(traits.requestKind === 'none'
          ? {}
          : { request_id: traits.requestKind === 'VARCHAR' ? 'VARCHAR' : 'BIGINT' }),
      },
      rows: dice.shuffled(this.#shown),
    };
  }

  /** A different value for every exposure; sometimes NULL. */
  #mark(): Cell {
    return this.#shown.length % 11 === 3 ? null : this.#shown.length;
  }

  #show(
    {
      user,
      item,
      time,
      request,
      place,
      clicked,
    }: { user: Cell; item: Cell; time: number; request: Cell; place: number; clicked: number },
    cell: (at: number | null) => Cell,
  ): void {
    const { dice, traits } = this;
    const row = {
      user_id: dice.chance(0.01) ? null : user,
      item_id: dice.chance(0.01) ? null : item,
      ts: cell(dice.chance(0.01) ? null : time),
      ...(traits.requestKind === 'none' ? {} : { request_id: dice.chance(0.04) ? null : request }),
      position: dice.chance(0.05) ? null : place,
      is_viewed: this.#flag(0.7),
      is_click: this.#flag(clicked),
      mark: this.#mark(),
      play_time: dice.chance(0.2) ? this.#nothing() : dice.whole(0, clicked < 0.1 ? 7 : 12),
      scene: dice.pick(['feed', 'feed', 'search']),
    };
    this.#shown.push(row);
    // Logs contain repetitions, sometimes with another outcome.
    if (dice.chance(0.06))
      this.#shown.push(
        dice.chance(0.5)
          ? { ...row, mark: this.#mark() }
          : { ...row, is_click: this.#flag(0.5), play_time: null, mark: this.#mark() },
      );
  }

  #clicks(): Table {
    const { dice, traits } = this;
    const rows = this.#shown
      .filter(() => dice.chance(0.3))
      .map((row): Row => ({
        uid: row['user_id'] ?? null,
        iid: row['item_id'] ?? null,
        bought: this.#flag(0.8),
        ...(traits.clickRequest && traits.requestKind !== 'none' ? { rid: row['request_id'] ?? null } : {}),
      }));
    const request: Record<string, string> =
      traits.clickRequest && traits.requestKind !== 'none'
        ? { rid: traits.requestKind === 'VARCHAR' ? 'VARCHAR' : 'BIGINT' }
        : {};
    return { types: { uid: traits.userKind, iid: traits.itemKind, bought: traits.flags, ...request }, rows };
  }

  #corpus(): Table {
    const { dice, traits } = this;
    const created = columnOfTime(traits.times.created, traits.zone);
    const removed = columnOfTime(traits.times.removed, traits.zone);
    const more =
      traits.size === 'one item' ? [] : this.#ids(traits.itemKind, 4, 'new').filter((id) => !this.#items.includes(id));
    const rows = [...this.#items.filter(() => traits.size === 'one item' || dice.chance(0.9)), ...more].map(
      (item): Row => ({
        item_id: item,
        created_at: created.cell(dice.chance(0.3) ? this.#moment() : null),
        removed_at: removed.cell(dice.chance(0.2) ? this.#moment() : null),
        status: dice.chance(0.85) ? 'online' : dice.chance(0.5) ? 'offline' : null,
        price: dice.chance(0.1) ? null : dice.whole(1, 100),
        city: dice.chance(0.1) ? null : dice.pick(['杭州', 'Paris', 'Oslo']),
        category: dice.chance(0.1) ? null : dice.whole(1, 2),
      }),
    );
    return {
      types: {
        item_id: traits.itemKind,
        created_at: created.type,
        removed_at: removed.type,
        status: 'VARCHAR',
        price: 'INTEGER',
        city: 'VARCHAR',
        category: 'INTEGER',
      },
      rows: dice.chance(0.2) && rows[0] ? [...rows, { ...rows[0], item_id: null }] : rows,
    };
  }

  #people(): Table {
    const { dice, traits } = this;
    return {
      types: { user_id: traits.userKind, region: 'VARCHAR', level: 'INTEGER' },
      // Some users are missing; some appear twice.
      rows: [...this.#users.filter(() => dice.chance(0.8)), ...this.#users.filter(() => dice.chance(0.1))].map(
        (user): Row => ({
          user_id: user,
          region: dice.chance(0.2) ? null : dice.pick(['north', '南', 'east']),
          level: dice.chance(0.2) ? null : dice.whole(1, 3),
        }),
      ),
    };
  }

  #candidates(): Table {
    const { dice, traits } = this;
    const times = columnOfTime(traits.times.candidates, traits.zone);
    const rows: Row[] = [];
    const unshown = {
      user: dice.pick(this.#users),
      request: traits.requestKind === 'VARCHAR' ? '未曝光' : 99n,
      time: this.#moment(),
    };
    for (const { user, request, time } of [...this.#requests, unshown]) {
      if (dice.chance(traits.size === 'heavy' ? 0.7 : 0.15)) continue;
      const at = dice.chance(0.1) ? null : time + (traits.coarse ? 0 : dice.whole(-50, 50));
      for (const channel of dice.some([null, 'hot', 'i2i', '双塔'], dice.whole(1, 4))) {
        for (let rank = 1; rank <= dice.whole(1, 9); rank++) {
          rows.push({
            request_id: dice.chance(0.01) ? null : request,
            item_id: dice.chance(0.01) ? null : this.#item(),
            channel,
            rank: dice.chance(0.05) ? null : rank,
            reached: dice.chance(0.03) ? null : dice.pick(['recall', 'coarse', 'coarse', 'fine', 'exposed']),
            score: dice.chance(0.1) ? this.#nothing() : dice.whole(1, 6) / 4,
            teacher: dice.chance(0.3) ? this.#nothing() : dice.unit(),
            ...(traits.candidateUser ? { user_id: dice.chance(0.01) ? null : user } : {}),
            ...(traits.candidateTime ? { ts: times.cell(at) } : {}),
          });
        }
      }
    }
    return {
      types: {
        request_id: traits.requestKind === 'VARCHAR' ? 'VARCHAR' : 'BIGINT',
        item_id: traits.itemKind,
        channel: 'VARCHAR',
        rank: 'INTEGER',
        reached: 'VARCHAR',
        score: 'DOUBLE',
        teacher: 'DOUBLE',
        ...(traits.candidateUser ? { user_id: traits.userKind } : {}),
        ...(traits.candidateTime ? { ts: times.type } : {}),
      },
      rows: dice.shuffled(rows),
    };
  }

  #rejections(): Table {
    const { dice, traits } = this;
    const times = columnOfTime(traits.times.rejections, traits.zone);
    const rows = Array.from({ length: dice.whole(0, 20) }, (): Row => ({
      user_id: dice.chance(0.03) ? null : dice.pick(this.#users),
      item_id: this.#item(),
      ts: times.cell(dice.chance(0.1) ? null : this.#moment()),
    }));
    return { types: { user_id: traits.userKind, item_id: traits.itemKind, ts: times.type }, rows };
  }
}
