import type { PlanEntry } from '../../core/sampling/plan/stagePlan.ts';
import { groupedBy } from '../../core/source/options.ts';
import { sourceOf } from '../../core/source/sources.ts';
import type { SourceInput } from '../../core/source/source.ts';

/** A column or an attribute that an entry samples by. */
export type DataNeed =
  | { readonly dataset: SourceInput['dataset']; readonly role: string }
  | { readonly dataset: 'items' | 'users'; readonly attribute: string };

/** The data that an entry of a plan needs, for its source and for its options. */
export function entryNeeds(entry: PlanEntry): {
  readonly data: readonly DataNeed[];
  readonly events: readonly string[];
} {
  const inputs = sourceOf(entry.source)?.inputs ?? [];
  const sourceNeeds = inputs.flatMap(({ dataset, columns }) =>
    columns.filter((role) => role !== 'attributes').map((role): DataNeed => ({ dataset, role })),
  );
  const events = [...(entry.exclude?.events ?? []), ...countedBy(entry)].filter((name) => name !== 'impressions');
  return { data: [...sourceNeeds, ...optionNeeds(entry)], events };
}

function optionNeeds(entry: PlanEntry): DataNeed[] {
  const { draws } = entry;
  if (draws.kind === 'pool') {
    const { partition } = draws;
    if (partition?.by === 'positive') return partition.attributes.map((attribute) => ({ dataset: 'items', attribute }));
    return groupedBy(entry).map((attribute) => ({ dataset: 'users', attribute }));
  }
  const { rows, byChannel } = draws;
  const channel: DataNeed[] = byChannel ? [{ dataset: 'candidates', role: 'channel' }] : [];
  switch (rows.of) {
    case 'rejections':
      return rows.before ? [{ dataset: 'rejections', role: 'time' }] : [];
    case 'exposures':
      if (rows.seen === 'viewed') return [{ dataset: 'impressions', role: 'viewed' }];
      return rows.seen === 'all'
        ? []
        : [
            { dataset: 'impressions', role: 'position' },
            { dataset: 'impressions', role: 'request' },
          ];
    case 'candidates':
      switch (rows.keep.by) {
        case 'rank':
          return [
            ...channel,
            ...(rows.keep.channel === null ? [] : [{ dataset: 'candidates', role: 'channel' } as const]),
          ];
        case 'score':
        case 'teacher':
          return [...channel, { dataset: 'candidates', role: rows.keep.by }];
        case 'reached':
          return channel;
      }
  }
}

function countedBy({ draws }: PlanEntry): string[] {
  return draws.kind === 'pool' && draws.weight && draws.weight.count !== 'exposures' ? [draws.weight.count.of] : [];
}

/** True if an entry draws from all items of the corpus. */
export function drawsFromCorpus({ draws }: PlanEntry): boolean {
  return draws.kind === 'pool' && draws.items === 'corpus';
}
