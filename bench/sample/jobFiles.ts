import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NEGATIVES, type Job } from './jobs.ts';

/**
 * Writes a job as files that numpy reads: plain arrays, and `job.json` for everything else. Removes them at the end.
 */
export async function withFiles<T>({ plan, world, block }: Job, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'recsample-bench-'));
  const {
    groups,
    excluded: [excluded],
    lists: [lists],
  } = block;
  const pools = world.pools[0]?.pools ?? [];
  const rows = plan.entries[0]?.draws.kind === 'list' ? plan.entries[0].draws.rows : null;
  const cut =
    rows?.of === 'candidates' && rows.keep.by === 'score' ? { skip: rows.keep.skip, top: rows.keep.top } : null;
  const arrays = {
    'positives.u32': groups.positives.items,
    'users.u32': usersOfGroups(groups.offsets),
    'offsets.u32': excluded?.offsets,
    'excluded.u32': excluded?.items,
    'pool.u32': joined(pools.map(({ items }) => items)),
    'poolOffsets.u32': offsetsOf(pools.map(({ items }) => items.length)),
    'poolOfItem.i32': world.pools[0]?.ofItem,
    // At most one entry of a job has weights; its pool has the same items as the pools of other entries.
    'weights.f64': world.pools.find(({ pools: [pool] }) => pool?.weights)?.pools[0]?.weights,
    'requestOffsets.u32': lists?.request?.offsets,
    'requestItems.u32': lists?.request?.items,
    'channels.u16': lists?.request?.channel,
    'scores.f64': lists?.request?.score,
    'userOffsets.u32': lists?.user?.offsets,
    'userItems.u32': lists?.user?.items,
  };
  try {
    for (const [name, array] of Object.entries(arrays))
      if (array && array.length > 0) writeFileSync(path.join(folder, name), array);
    writeFileSync(
      path.join(folder, 'job.json'),
      JSON.stringify({
        negatives: NEGATIVES,
        items: world.items.count,
        cut,
        channels: lists?.request?.channels.length ?? 0,
      }),
    );
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function usersOfGroups(offsets: Uint32Array): Uint32Array {
  const users = new Uint32Array(offsets.at(-1) ?? 0);
  for (let user = 0; user + 1 < offsets.length; user++) users.fill(user, offsets[user], offsets[user + 1]);
  return users;
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const offsets = offsetsOf(parts.map(({ length }) => length));
  const merged = new Uint32Array(offsets.at(-1) ?? 0);
  parts.forEach((part, k) => {
    merged.set(part, offsets[k]);
  });
  return merged;
}

function offsetsOf(lengths: readonly number[]): Uint32Array {
  const offsets = new Uint32Array(lengths.length + 1);
  lengths.forEach((length, k) => {
    offsets[k + 1] = (offsets[k] ?? 0) + length;
  });
  return offsets;
}
