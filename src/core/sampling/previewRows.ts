import type { PreviewGroup, PreviewRow, Rejection, RejectionReason, Shortfall, Why } from './drawn.ts';
import { isoTime } from './isoTime.ts';
import { Refusal } from './kernel/drawer.ts';
import { shortfallCauses, type Rows } from './kernel/rows.ts';
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
  readonly #firstRow = new Map<number, number>();
  readonly #rejections = new Map<number, Rejection[]>();
  readonly #quotasAt = new Map<number, number>();
  readonly #shortfalls = new Map<number, Record<string, Shortfall>>();

  /** @param texts of the items */
  constructor(
    private readonly sampler: Sampler,
    private readonly texts: IdTexts,
    private readonly block: UserBlock,
    private readonly rows: Rows,
    private readonly trace: Trace,
  ) {
    for (let row = rows.count - 1; row >= 0; row--) this.#firstRow.set(rows.group[row] ?? 0, row);
    for (let k = 0; k < trace.quotaCount; k++) this.#quotasAt.set(trace.quotaGroup[k] ?? 0, k);
    this.#collectRejections();
    this.#collectShortfalls();
  }

  #collectRejections(): void {
    const { trace, texts } = this;
    for (let k = 0; k < trace.refusedCount; k++) {
      const row = trace.refusedRow[k] ?? -1;
      if (row < 0) continue;
      const rejection = {
        attempt: trace.refusedAttempt[k] ?? 0,
        item: texts.of(trace.refusedItem[k] ?? 0),
        reason: reasons[trace.refusedReason[k] ?? 0] ?? 'repeated',
      };
      const known = this.#rejections.get(row);
      if (known) known.push(rejection);
      else this.#rejections.set(row, [rejection]);
    }
  }

  #collectShortfalls(): void {
    const {
      rows,
      sampler: { plan },
    } = this;
    for (let k = 0; k < rows.shortCount; k++) {
      const group = rows.shortGroup[k] ?? 0;
      const name = plan.entries[rows.shortEntry[k] ?? 0]?.name ?? '';
      const shortfall = {
        asked: rows.shortAsked[k] ?? 0,
        drawn: rows.shortDrawn[k] ?? 0,
        cause: shortfallCauses[rows.shortCause[k] ?? 0] ?? 'pool',
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
    const positive = groups.positives.items[groups.positives.offsets[g] ?? 0] ?? 0;
    return {
      key: groups.keys[g] ?? '',
      item: plan.unit === 'request' ? null : texts.of(positive),
      request: groups.requestText[g] ?? null,
      time: isoTime(groups.time[g] ?? 0),
      rows: shown,
      quotas: this.#quotas(g),
      shortfall: this.#shortfalls.get(g) ?? {},
    };
  }

  #quotas(g: number): Record<string, number> {
    const { entries } = this.sampler.plan;
    const at = this.#quotasAt.get(g);
    if (at === undefined) return {};
    return Object.fromEntries(
      entries
        .map(({ name }, e) => [name, this.trace.quota[at * entries.length + e] ?? 0] as const)
        .filter(([, quota]) => quota > 0),
    );
  }

  #row(row: number): PreviewRow {
    const {
      rows,
      texts,
      sampler: { plan },
    } = this;
    const label = rows.label[row] === 1 ? 1 : 0;
    const entry = plan.entries[rows.entry[row] ?? -1];
    const keep = rows.keep[row] ?? NaN;
    const named =
      entry ?? (label === 0 && plan.exposures ? { name: plan.exposures.entry, source: 'exposed_unclicked' } : null);
    return {
      item: texts.of(rows.item[row] ?? 0),
      label,
      source: named?.source ?? null,
      entry: named?.name ?? null,
      draw: entry ? (rows.draw[row] ?? null) : null,
      logQ: finite(rows.logQ[row]),
      logQMix: finite(rows.logQMix[row]),
      weight: rows.weight[row] ?? 1,
      keepProbability: finite(keep),
      why: this.#why(row),
    };
  }

  #why(row: number): Why {
    const {
      rows,
      trace,
      sampler: { plan },
    } = this;
    const event = plan.positives.events[rows.event[row] ?? 255]?.name ?? null;
    if (plan.unit === 'impression') return { kind: 'exposure', event };
    const e = rows.entry[row] ?? -1;
    if (e < 0) return { kind: 'positive', event: event ?? '' };
    const tier = trace.tier[row];
    const size = trace.size[row] ?? 0;
    const part = trace.part[row] ?? -1;
    if (tier !== Tier.pool)
      return {
        kind: 'list',
        tier: tier === Tier.request ? 'request' : 'user',
        rank: trace.rank[row] ?? 0,
        size,
        channel: this.#channel(e, part),
      };
    const attempt = trace.attempt[row] ?? 0;
    const pool = this.sampler.world.pools[e]?.pools[part]?.name ?? null;
    return {
      kind: 'pool',
      attempt,
      u: this.#unit(rows.group[row] ?? 0, e, attempt),
      weight: trace.weight[row] ?? 0,
      total: trace.total[row] ?? 0,
      size,
      pool,
      rejected: this.#rejections.get(row) ?? [],
    };
  }

  #channel(e: number, part: number): string | null {
    return this.block.lists[e]?.request?.channels[part] ?? null;
  }

  #unit(g: number, e: number, attempt: number): number {
    const { words } = this.block.groups;
    const salts = this.sampler.salts[e];
    return salts ? keyedDraw(words[2 * g] ?? 0, words[2 * g + 1] ?? 0, salts, attempt).u : 0;
  }
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
