import type { BulkGenerator } from '../../src/core/sampling/rng.ts';
import type { RequestItems } from '../../src/core/sampling/world/world.ts';
import { userItems, type Popularity } from './shop.ts';

/** Channels of recall in the order of their names, and how many results each brings to a request, repetitions included. */
const results = { geo: 30, hot: 30, i2i: 80, u2i: 60 } as const;

/** What the funnel held of each request, by Zipf's law: distinct items ascending, of `size` that were drawn. */
export function candidates(requests: number, size: number, popularity: Popularity): RequestItems {
  return { ...userItems(requests, () => popularity.drawMany(size)), channel: null, channels: [], score: null };
}

/** With the score of coarse ranking: many low ones, few high ones, none twice but by chance. */
export function scoredCandidates(
  requests: number,
  size: number,
  popularity: Popularity,
  random: BulkGenerator,
): RequestItems {
  const rows = candidates(requests, size, popularity);
  return { ...rows, score: Float64Array.from(rows.items, () => random.unit() ** 3) };
}

/** By the channel that found them: an item that two channels found is a candidate of both. */
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
