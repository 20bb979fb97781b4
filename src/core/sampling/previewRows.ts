import { f64At, i16At, i32At, u32At, u8At, valueAt } from '../valueAt.ts';
import type { PreviewGroup, PreviewRow, Rejection, RejectionReason, Shortfall, Why } from './drawn.ts';
import { isoTime } from './isoTime.ts';
import { isPast } from './isPast.ts';
import { logQBatch } from './kernel/corrections.ts';
import { Refusal } from './kernel/drawer.ts';
import { shortfallCauses, type Rows } from './kernel/rows.ts';
import { userOf } from './kernel/search.ts';
import type { Sampler } from './kernel/sampler.ts';
import { Tier, type Trace } from './kernel/trace.ts';
import { keyedDraw } from './keyedDraw.ts';
import type { IdTexts } from './world/idTexts.ts';
import type { UserBlock } from './world/world.ts';

const reasons = Object.fromEntries(Object.entries(Refusal).map(([name, number]) => [number, name])) as Readonly<
  Record<number, RejectionReason>
>;

/** Converts traced rows to preview rows, group by group. */
export class PreviewRows {
  /** Numbers of the rows that were converted, in order. */
  readonly numbers: number[] = [];
  readonly #firstRow = new Map<number, number>();
  readonly #rejections = new Map<number, Rejection[]>();
  readonly #quotasAt = new Map<number, number>();
  readonly #shortfalls = new Map<number, Record<string, Shortfall>>();

  readonly #teacher: Float64Array | null;
  private readonly texts: IdTexts;

  /** @param values texts of the items, and values of the teacher by row if the stage has one */
  constructor(
    private readonly sampler: Sampler,
    values: { readonly texts: IdTexts; readonly teacher: Float64Array | null },
    private readonly block: UserBlock,
    private readonly rows: Rows,
    private readonly trace: Trace,
  ) {
    this.texts = values.texts;
    this.#teacher = values.teacher;
    for (let row = rows.count - 1; row >= 0; row--) this.#firstRow.set(u32At(rows.group, row), row);
    for (let k = 0; k < trace.quotaCount; k++) this.#quotasAt.set(u32At(trace.quotaGroup, k), k);
    this.#collectRejections();
    this.#collectShortfalls();
  }

  #collectRejections(): void {
    const { trace, texts } = this;
    for (let k = 0; k < trace.refusedCount; k++) {
      const row = i32At(trace.refusedRow, k);
      if (row < 0) continue;
      const item = u32At(trace.refusedItem, k);
      const reason = reasons[u8At(trace.refusedReason, k)] ?? 'repeated';
      const rejection = {
        attempt: i32At(trace.refusedAttempt, k),
        item: texts.textOf(item),
        reason,
        ...(reason === 'excluded' && this.#isPast(row, item) ? { isPast: true as const } : {}),
      };
      const known = this.#rejections.get(row);
      if (known) known.push(rejection);
      else this.#rejections.set(row, [rejection]);
    }
  }

  #isPast(row: number, item: number): boolean {
    const { block, rows } = this;
    const user = userOf(block.groups.offsets, u32At(rows.group, row));
    return isPast(block, i16At(rows.entry, row), user, item);
  }

  #collectShortfalls(): void {
    const {
      rows,
      sampler: { plan },
    } = this;
    for (let k = 0; k < rows.shortCount; k++) {
      const group = u32At(rows.shortGroup, k);
      const name = plan.entries[i16At(rows.shortEntry, k)]?.name ?? '';
      const shortfall = {
        asked: f64At(rows.shortAsked, k),
        drawn: f64At(rows.shortDrawn, k),
        cause: shortfallCauses[u8At(rows.shortCause, k)] ?? 'pool',
      };
      this.#shortfalls.set(group, { ...this.#shortfalls.get(group), [name]: shortfall });
    }
  }

  /** Null for an exposure that `downsample` dropped. */
  group(g: number): PreviewGroup | null {
    const {
      sampler: { plan },
      texts,
      block: { groups },
      rows,
    } = this;
    const shown: PreviewRow[] = [];
    for (let row = this.#firstRow.get(g) ?? rows.count; row < rows.count && rows.group[row] === g; row++)
      shown.push(this.#row(row));
    if (plan.unit === 'impression' && shown.length === 0) return null;
    return {
      key: groups.keys[g] ?? '',
      // A request may have no positive.
      item:
        plan.unit === 'request'
          ? null
          : texts.textOf(u32At(groups.positives.items, u32At(groups.positives.offsets, g))),
      request: groups.requestText[g] ?? null,
      time: isoTime(f64At(groups.time, g)),
      rows: shown,
      quotas: this.#quotas(g),
      ...this.#refilled(g),
      shortfall: this.#shortfalls.get(g) ?? {},
      ...this.#repeated(g),
    };
  }

  #repeated(g: number): Pick<PreviewGroup, 'repeated'> {
    const repeated = this.trace.repeated.flatMap(({ group, entry, item }) =>
      group === g ? [{ entry: this.sampler.plan.entries[entry]?.name ?? '', item: this.texts.textOf(item) }] : [],
    );
    return repeated.length === 0 ? {} : { repeated };
  }

  #quotas(g: number): Record<string, number> {
    const { entries } = this.sampler.plan;
    const at = this.#quotasAt.get(g);
    if (at === undefined) return {};
    return Object.fromEntries(
      entries
        .map(({ name }, e) => [name, f64At(this.trace.quota, at * entries.length + e)] as const)
        .filter(([, quota]) => quota > 0),
    );
  }

  #refilled(g: number): Pick<PreviewGroup, 'refilled'> {
    const { entries, refillFrom } = this.sampler.plan;
    if (refillFrom === null) return {};
    const refilled = Object.entries(this.#shortfalls.get(g) ?? {}).reduce(
      (sum, [name, { asked, drawn }]) => sum + (name === entries[refillFrom]?.name ? 0 : asked - drawn),
      0,
    );
    return refilled === 0 ? {} : { refilled };
  }

  #row(row: number): PreviewRow {
    this.numbers.push(row);
    const {
      rows,
      texts,
      sampler: { plan },
    } = this;
    const label = rows.label[row] === 1 ? 1 : 0;
    const entry = plan.entries[i16At(rows.entry, row)];
    const keep = f64At(rows.keep, row);
    const named =
      entry ?? (label === 0 && plan.exposures ? { name: plan.exposures.entry, source: 'exposed_unclicked' } : null);
    return {
      item: texts.textOf(u32At(rows.item, row)),
      label,
      source: named?.source ?? null,
      entry: named?.name ?? null,
      draw: entry ? (rows.draw[row] ?? null) : null,
      logQ: finite(rows.logQ[row]),
      logQMix: finite(rows.logQMix[row]),
      ...this.#corrections(row),
      weight: f64At(rows.weight, row),
      keepProbability: finite(keep),
      ...(this.#teacher ? { teacher: scoreOrNull(this.#teacher[row]) } : {}),
      why: this.#why(row),
    };
  }

  #corrections(row: number): Pick<PreviewRow, 'corrections'> {
    const {
      rows: { item, label, correction, batchCorrection },
      sampler: {
        plan,
        world: { batchPool },
      },
    } = this;
    if (plan.logq === undefined) return {};
    const inBatch = batchPool && {
      logQBatch: finite(logQBatch(batchPool, u32At(item, row))),
      ...(label[row] === 1 ? { logqCorrectionBatch: finite(batchCorrection[row]) } : {}),
    };
    return { corrections: { logqCorrection: finite(correction[row]), ...inBatch } };
  }

  #why(row: number): Why {
    const {
      rows,
      trace,
      sampler: { plan },
    } = this;
    const event = plan.positives.events[u8At(rows.event, row)]?.name ?? null;
    if (plan.unit === 'impression') return { kind: 'exposure', event };
    const e = i16At(rows.entry, row);
    if (e < 0) return { kind: 'positive', event: event ?? '' };
    const tier = trace.tier[row];
    const size = f64At(trace.size, row);
    const part = i32At(trace.partIndex, row);
    if (tier !== Tier.pool)
      return {
        kind: 'list',
        tier: tier === Tier.request ? 'request' : 'user',
        rank: i32At(trace.rank, row),
        size,
        channel: this.#channel(e, part),
      };
    const attempt = i32At(trace.attempt, row);
    const { name = null, before } = this.sampler.world.pools[e]?.pools[part] ?? {};
    return {
      kind: 'pool',
      attempt,
      u: this.#unit(u32At(rows.group, row), e, attempt),
      weight: f64At(trace.weight, row),
      total: f64At(trace.total, row),
      size,
      pool: name,
      ...(before === undefined ? {} : { before }),
      rejected: this.#rejections.get(row) ?? [],
    };
  }

  #channel(e: number, part: number): string | null {
    return this.block.lists[e]?.request?.channels[part] ?? null;
  }

  #unit(g: number, e: number, attempt: number): number {
    const { keyWords } = this.block.groups;
    return keyedDraw(u32At(keyWords, 2 * g), u32At(keyWords, 2 * g + 1), valueAt(this.sampler.salts, e), attempt).u;
  }
}

/** Unlike a probability, a score may be infinite. */
function scoreOrNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
