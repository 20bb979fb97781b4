import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Job } from './jobs.ts';

const script = path.resolve(import.meta.dirname, '../peers/draw.py');

/** What one repetition took. */
export interface Taken {
  readonly draws: number;
  readonly seconds: number;
  /** CPU of all threads together. */
  readonly cpuSeconds: number;
}

/** The same draws in Python, one thread: three ways to draw in numpy, and a library. */
export const peers = ['numpy choice', 'numpy searchsorted', 'numpy alias', 'LibRecommender'] as const;
export type Peer = (typeof peers)[number];
/** Those that refuse what is excluded, and repetitions, as RecSample does. */
export const equals: readonly Peer[] = peers.filter((name) => name.startsWith('numpy'));

/** The arrays of a job as files, which numpy reads; removed at the end. */
export async function withFiles<T>({ world, block: { groups, excluded: [excluded] } }: Job, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'recsample-bench-'));
  try {
    const users = new Uint32Array(groups.count);
    for (let user = 0; user + 1 < groups.offsets.length; user++) users.fill(user, groups.offsets[user], groups.offsets[user + 1]);
    const arrays = { 'weights.f64': world.pools[0]?.pools[0]?.weights, 'positives.u32': groups.positives.items, 'users.u32': users, 'offsets.u32': excluded?.offsets, 'excluded.u32': excluded?.items };
    for (const [name, array] of Object.entries(arrays)) if (array) writeFileSync(path.join(folder, name), array);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A fresh process; what it loads and prepares is not timed. */
export function measurePeer(python: string, peer: Peer, folder: string): Taken {
  return JSON.parse(execFileSync(python, [script, peer, folder], { encoding: 'utf8' })) as Taken;
}
