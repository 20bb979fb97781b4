import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeSeeds, type Seeds } from './seeds.ts';
import { Death, WatchedWorker } from './watchedWorker.ts';

/** A worker with a world of its own. */
export interface World {
  readonly worker: WatchedWorker;
  readonly seeds: Seeds;
  remove(): void;
}

/** Makes a folder with a demo and the seeds, by the very code that is tested. */
export async function makeWorld(): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), 'recsample-fuzz-'));
  const worker = new WatchedWorker(folder);
  const remove = (): void => {
    worker.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const seeds = await makeSeeds(folder, async (args) => {
      const outcome = await worker.run({ kind: 'cli', args }, path.join(folder, 'demo'));
      if (outcome instanceof Death) throw new Error(outcome.reason);
      if (outcome.kind !== 'cli' || outcome.code !== 0)
        throw new Error(`recsample ${args.join(' ')}: ${JSON.stringify(outcome)}`);
      return outcome.out;
    });
    return { worker, seeds, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
