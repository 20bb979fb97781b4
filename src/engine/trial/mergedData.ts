import type { AskedDays, AskedTable } from '../../protocol/askedTable.ts';
import type { SamplingData } from '../../protocol/sampling.ts';

/**
 * The data of several plans of the same data sets: everything that one of them needs. So the items have the same numbers
 * for all arms, and the log is read once.
 */
export function mergedData(all: readonly SamplingData[]): SamplingData {
  const [first, ...others] = all;
  if (!first) throw new Error('no data');
  return others.reduce(merged, first);
}

function merged(a: SamplingData, b: SamplingData): SamplingData {
  const events = new Map([...a.log.events, ...b.log.events].map((event) => [event.name, event]));
  const candidates = mergedTable(a.candidates, b.candidates);
  const rejections = mergedTable(a.rejections, b.rejections);
  const { passedCandidates: _passed, ...kept } = a;
  return {
    ...b,
    ...kept,
    log: {
      ...a.log,
      impressions: mergedTable(a.log.impressions, b.log.impressions) ?? a.log.impressions,
      ...(a.log.clicks
        ? { clicks: a.log.clicks.map((table, k) => mergedTable(table, b.log.clicks?.[k]) ?? table) }
        : {}),
      events: [...events.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
    },
    ...(candidates ? { candidates } : {}),
    ...(rejections ? { rejections } : {}),
  };
}

function mergedTable<T extends AskedTable<string, string>>(a: T | undefined, b: T | undefined): T | undefined {
  if (!a || !b) return a ?? b;
  const days = mergedDays(a.days, b.days);
  const { days: _days, ...table } = { ...a, columns: { ...b.columns, ...a.columns } };
  return { ...table, ...(days ? { days } : {}) } as T;
}

function mergedDays(a: AskedDays | undefined, b: AskedDays | undefined): AskedDays | undefined {
  if (!a || !b) return undefined;
  return {
    column: a.column,
    from: a.from === null || b.from === null ? null : Math.min(a.from, b.from),
    to: a.to === null || b.to === null ? null : Math.max(a.to, b.to),
  };
}
