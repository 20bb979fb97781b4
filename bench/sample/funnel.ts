import type { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { RequestItems } from '../../src/core/sampling/world/world.ts';
import { userItems, type Popularity } from './shop.ts';

/** Recall channels sorted by name, with the number of results per request, including repetitions. */
const results = { geo: 30, hot: 30, i2i: 80, u2i: 60 } as const;

/** The candidates of each request, by Zipf's law: the distinct items of `size` draws, ascending. */
export function candidates(requests: number, size: number, popularity: Popularity): RequestItems {
  return { ...userItems(requests, () => popularity.drawMany(size)), channel: null, channels: [], score: null };
}

/** Candidates with coarse ranking scores: many low ones, few high ones, equal ones only by chance. */
export function scoredCandidates(
  requests: number,
  size: number,
  popularity: Popularity,
  random: BulkGenerator,
): RequestItems {
  const rows = candidates(requests, size, popularity);
  return { ...rows, score: Float64Array.from(rows.items, () => random.unit() ** 3) };
}

/** Candidates by the channel that found them. An item that two channels found is a candidate of both. */
export function candidatesByChannel(requests: number, popularity: Popularity): RequestItems {
  const channels = Object.keys(results);
  const sizes = Object.values(results);
  const { offsets, items } = userItems(requests * channels.length, (owner) =>
    popularity.drawMany(sizes[owner % channels.length] ?? 0),
  );
  const channel = new Uint16Array(items.length);
  for (let owner = 0; owner + 1 < offsets.length; owner++)
    channel.fill(owner % channels.length, offsets[owner], offsets[owner + 1]);
  return {
    offsets: offsets.filter((_, owner) => owner % channels.length === 0),
    items,
    channel,
    channels,
    score: null,
  };
}
