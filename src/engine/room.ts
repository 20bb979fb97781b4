import { stat, statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';

/** What the machine has left. Others stand for it in tests. */
export interface RoomProbe {
  /** Free bytes of the disk on which a folder lies, and which disk that is; null where the system does not say. */
  disk(folder: string): Promise<{ readonly free: number; readonly device: number } | null>;
  /** Free bytes of memory, within the limits of the process; null where nobody knows. */
  memory(): number | null;
}

/** What a group of processes may use counts what its files have in the cache, so only what this process uses is taken off; macOS calls free what it has no use for at all. */
function freeMemory(): number {
  const free = process.platform === 'darwin' ? totalmem() : freemem();
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? Math.min(free, limit - process.memoryUsage.rss()) : free;
}

export const realRoom: RoomProbe = {
  async disk(folder) {
    try {
      const [{ bavail, bsize, blocks }, { dev }] = [await statfs(folder), await stat(folder)];
      // Some systems of files have no size.
      return blocks === 0 ? null : { free: bavail * bsize, device: dev };
    } catch {
      return null;
    }
  },
  memory: freeMemory,
};
