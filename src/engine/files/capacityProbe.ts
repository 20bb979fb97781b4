import { stat, statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';

/** Reports free disk space and memory. Tests replace it. */
export interface CapacityProbe {
  /** Free bytes and device number of the disk that contains a folder; null if the system does not report them. */
  disk(folder: string): Promise<{ readonly free: number; readonly device: number } | null>;
  /** Free bytes of memory, within the limits of the process; null if unknown. */
  memory(): number | null;
}

/**
 * The memory use of a process group (cgroup) includes file cache, so only the memory of this process is subtracted from
 * the limit. macOS reports only unused memory as free, so there the total memory is the starting value.
 */
function freeMemory(): number {
  const free = process.platform === 'darwin' ? totalmem() : freemem();
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? Math.min(free, limit - process.memoryUsage.rss()) : free;
}

export const machineCapacity: CapacityProbe = {
  async disk(folder) {
    try {
      const [{ bavail, bsize, blocks }, { dev }] = [await statfs(folder), await stat(folder)];
      // Some file systems report no size.
      return blocks === 0 ? null : { free: bavail * bsize, device: dev };
    } catch {
      return null;
    }
  },
  memory: freeMemory,
};
