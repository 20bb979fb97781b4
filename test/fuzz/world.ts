import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeSeeds, type Seeds } from './seeds.ts';
import { Death, WatchedWorker } from './watchedWorker.ts';

/** A worker with its own world. */
export interface World {
  readonly worker: WatchedWorker;
  readonly seeds: Seeds;
  remove(): Promise<void>;
}

/** Creates a folder with a demo and the seeds, with the code under test. */
export async function makeWorld(): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), 'recsample-fuzz-'));
  const worker = new WatchedWorker(folder);
  const remove = async (): Promise<void> => {
    await worker.end();
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
    await remove();
    throw error;
  }
}
