import type { TeacherCoverage } from '../../core/sampling/drawn.ts';
import type { NullReason } from '../../core/sampling/passedValues.ts';
import type { DrawnRows } from '../../core/sampling/kernel/rowCounts.ts';
import type { StagePlan, TeacherPlan } from '../../core/sampling/plan/stagePlan.ts';
import type { Groups } from '../../core/sampling/world/world.ts';
import { f64At, i16At, i32At, u32At, valueAt } from '../../core/valueAt.ts';
import { teacherRoles } from '../../core/data/teacherRoles.ts';
import { requestKey } from '../inputs/users/userRows.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { Origins } from './group.ts';
import type { LabelledLog } from './labelledLog.ts';
import { originsOf } from './originsOf.ts';
import type { Requests } from './requests.ts';

/** Values of the teacher for some rows. */
export interface TaughtRows {
  /** NaN for rows without a value, and for rows on which the teacher is not trusted. */
  readonly values: Float64Array;
  readonly coverage: readonly TeacherCoverage[];
}

/** The part of a block that the teacher needs. */
interface Taught {
  readonly logs: readonly LabelledLog[];
  readonly requests: Requests;
  readonly world: Pick<LoadedWorld, 'items'>;
}

/**
 * The teacher's values of the rows of a block. From the candidates: the largest value of (user, request, item) over all
 * channels. From the impressions: the value of the row's own exposure. With `on: exposed`, only rows whose (user,
 * request, item) is in the impressions have a value.
 */
export class TeacherValues {
  readonly #names: readonly (string | null)[];
  readonly #isExposed: ((request: number, item: number) => boolean) | null;
  /** By user of the block and row of the log. */
  readonly #ofRow: readonly ReadonlyMap<number, number>[];
  readonly #ofCandidate: ReadonlyMap<number, number>;
  readonly #items: number;

  private constructor(plan: StagePlan, { from, column, on }: TeacherPlan, taught: Taught) {
    this.#items = taught.world.items.count;
    this.#names = coverageNames(plan);
    // In the unit impression, every row is an exposure.
    const isMasked = on === 'exposed' && plan.unit !== 'impression';
    const exposed = isMasked ? exposedPairs(taught) : null;
    this.#isExposed = exposed && ((request, item) => exposed.has(request * this.#items + item));
    this.#ofRow = from === 'impressions' ? taught.logs.map(valuesOfRows) : [];
    this.#ofCandidate = from === 'candidates' ? valuesOfCandidates(taught, column) : new Map();
  }

  /** Null if the stage has no teacher. */
  static of(plan: StagePlan, taught: Taught): TeacherValues | null {
    return plan.teacher ? new TeacherValues(plan, plan.teacher, taught) : null;
  }

  /** The values of some rows of the block, ordered by group. */
  rows(
    rows: Pick<DrawnRows, 'count' | 'group' | 'item' | 'label' | 'entry'>,
    groups: Groups,
    origins: Origins,
  ): TaughtRows {
    const own = this.#ofRow.length > 0 ? originsOf(rows, groups, origins) : null;
    const values = new Float64Array(rows.count).fill(NaN);
    const trusted = this.#names.map(() => 0);
    const known = this.#names.map(() => 0);
    let user = 0;
    for (let row = 0; row < rows.count; row++) {
      const group = u32At(rows.group, row);
      const item = u32At(rows.item, row);
      const request = i32At(groups.request, group);
      if (this.#isExposed && !this.#isExposed(request, item)) continue;
      while (u32At(groups.offsets, user + 1) <= group) user++;
      const name = rows.label[row] === 1 ? 0 : i16At(rows.entry, row) < 0 ? 1 : i16At(rows.entry, row) + 1;
      const value =
        own === null ? this.#ofCandidate.get(request * this.#items + item) : this.#ofRow[user]?.get(i32At(own, row));
      trusted[name] = valueAt(trusted, name) + 1;
      if (value === undefined || Number.isNaN(value)) continue;
      values[row] = value;
      known[name] = valueAt(known, name) + 1;
    }
    return {
      values,
      coverage: this.#names.map((name, k) => ({ entry: name, trusted: valueAt(trusted, k), known: valueAt(known, k) })),
    };
  }

  /** Why rows of the block have no value. The result applies to rows without one. */
  reasons(
    rows: Pick<DrawnRows, 'count' | 'group' | 'item' | 'entry'>,
    groups: Groups,
    origins: Origins,
  ): (row: number) => NullReason {
    const own = this.#ofRow.length > 0 ? originsOf(rows, groups, origins) : null;
    return (row) => {
      const item = u32At(rows.item, row);
      const request = i32At(groups.request, u32At(rows.group, row));
      if (this.#isExposed && !this.#isExposed(request, item)) return 'untrusted';
      if (own !== null) return i32At(own, row) < 0 ? 'no-exposure' : 'empty';
      return this.#ofCandidate.has(request * this.#items + item) ? 'empty' : 'no-row';
    };
  }
}

/** The coverage of no rows. */
export function noCoverage(plan: StagePlan): TeacherCoverage[] {
  return coverageNames(plan).map((entry) => ({ entry, trusted: 0, known: 0 }));
}

/** Both have the same names. */
export function sumOfCoverage(
  one: readonly TeacherCoverage[],
  other: readonly TeacherCoverage[],
): readonly TeacherCoverage[] {
  return one.map(({ entry, trusted, known }, k) => {
    const more = valueAt(other, k);
    return { entry, trusted: trusted + more.trusted, known: known + more.known };
  });
}

/** The kinds of rows whose coverage is counted: positives (null), then each entry. */
function coverageNames({ entries, exposures }: StagePlan): (string | null)[] {
  return [null, ...(exposures ? [exposures.entry] : entries.map(({ name }) => name))];
}

function valuesOfRows(log: LabelledLog): ReadonlyMap<number, number> {
  const values = new Map<number, number>();
  for (let row = 0; row < log.rows; row++) values.set(log.row(row), f64At(log.log.teacher, row));
  return values;
}

/** The largest value of each request and item; NaN is smaller than every other value. */
function valuesOfCandidates({ logs, requests, world }: Taught, role: string): ReadonlyMap<number, number> {
  const values = new Map<number, number>();
  const column = teacherRoles.find((name) => name === role);
  if (column === undefined) throw new Error(`no teacher has the role ${role}`);
  logs.forEach(({ rowsOfUser: { candidates } }, user) => {
    candidates.item.forEach((item, row) => {
      const request = requests.find(user, requestKey(candidates.request[row] ?? null, NaN));
      if (request < 0) return;
      const pair = request * world.items.count + item;
      const [known = NaN, value] = [values.get(pair), f64At(candidates[column], row)];
      if (Number.isNaN(known) || value > known) values.set(pair, value);
    });
  });
  return values;
}

/** Requests with groups, and the items that they showed. */
function exposedPairs({ logs, requests, world }: Taught): ReadonlySet<number> {
  const pairs = new Set<number>();
  logs.forEach((log, user) => {
    for (let row = 0; row < log.rows; row++) {
      if (!log.exists(row)) continue;
      const request = requests.find(user, log.requestKey(row));
      if (request >= 0) pairs.add(request * world.items.count + log.item(row));
    }
  });
  return pairs;
}
