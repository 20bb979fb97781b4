import { cancelled } from '../../core/queue/cancelled.ts';
import { writeFile } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { badConfigs, goodConfigs } from '../../../examples/demo/configs.ts';
import { demoVersion, World } from '../../../examples/demo/world.ts';
import { scales, type Scale } from '../../../examples/demo/scale.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { CallContext, Params, Result } from '../../protocol/engine.ts';
import { createLockedInstance } from '../database/instance.ts';
import { writeFailure } from '../files/writeFailure.ts';
import { DemoFiles } from './files.ts';
import { readme } from './readme.ts';
import { Staging } from './staging.ts';
import { writeDays } from './days.ts';
import { writeItems, writeUsers } from './corpus.ts';
import { selects } from './statements.ts';

/** Memory limit of DuckDB only. The world and the blocks need more memory in addition. */
const memoryBytes = 1_500_000_000;

/**
 * Writes the demo of a scale and seed into a folder that is new, empty or already holds a demo. Equal arguments give
 * equal bytes. A demo that fails or is cancelled leaves nothing behind.
 * @param params.directory absolute path
 * @param params.bad also writes a bad config for every rule about configs and about columns
 * @param own a scale in place of the one that `params.scale` names, for benchmarks
 * @returns number of files and their bytes, including the README
 * @throws FailureError `bad-request`, `no-permission`, `disk-full`, `cancelled`, …
 */
export async function writeDemo(params: Params<'demo'>, context: CallContext, own?: Scale): Promise<Result<'demo'>> {
  const { directory, seed } = params;
  if (!Object.hasOwn(scales, params.scale)) {
    throw fail('bad-request', message('There is no demo scale {0}', params.scale), {
      advice: message('Scales are {0}.', Object.keys(scales).join(', ')),
    });
  }
  try {
    const staging = await Staging.open(directory);
    try {
      const names = await writeFiles(staging, params, own ?? scales[params.scale], context);
      context.progress({ fraction: 0.99, message: message('Computing checksums') });
      if (context.signal.aborted) throw cancelled();
      const files = await staging.publish(names, { version: demoVersion, scale: params.scale, seed });
      context.progress({ fraction: 1, message: message('Demo written') });
      return { files: files.length, bytes: files.reduce((sum, f) => sum + f.bytes, 0) };
    } catch (error) {
      await staging.discard();
      throw error;
    }
  } catch (error) {
    throw context.signal.aborted ? cancelled() : writeFailure(error, directory);
  }
}

/** Writes all files into the staging folder. Resolves to their relative paths. */
async function writeFiles(
  staging: Staging,
  params: Params<'demo'>,
  scale: Scale,
  context: CallContext,
): Promise<string[]> {
  context.progress({ fraction: 0, message: message('Making items and users') });
  // One thread, because row order and row group boundaries must not depend on the machine.
  const { instance, reporting } = await createLockedInstance({
    threads: 1,
    memoryBytes,
    temporaryDirectory: staging.root,
    files: [],
  });
  const connections: DuckDBConnection[] = [...reporting];
  const interrupt = (): void => connections.forEach((c) => c.interrupt());
  context.signal.addEventListener('abort', interrupt);
  try {
    const [filling, copying] = [await instance.connect(), await instance.connect()];
    connections.push(filling, copying);
    const world = new World(scale, params.seed);
    const files = new DemoFiles(
      staging,
      copying,
      { synthetic: 'true', generator: `recsample demo ${demoVersion}`, scale: params.scale, seed: params.seed },
      context.signal,
    );
    await writeItems(world, filling);
    await writeUsers(world, filling);
    await files.parquet('data/items.parquet', selects.items);
    await files.text('data/items.tsv.zst', selects.itemsText);
    await files.parquet('data/users.parquet', selects.users);
    await files.text('data/users.jsonl.gz', selects.users);
    await writeDays(
      world,
      filling,
      files,
      (fraction, day) =>
        context.progress({ fraction: 0.03 + 0.9 * fraction, message: message('Day {0} of {1}', day + 1, scale.days) }),
      context.signal,
    );
    context.progress({ fraction: 0.94, message: message('Writing the finished sample') });
    await files.parquet('data/rejections.parquet', selects.rejections);
    await files.text('data/rejections.csv', selects.rejections);
    await files.parquet('data/dislikes.parquet', selects.dislikes);
    await files.parquet('data/actions.parquet', selects.actions);
    await files.parquet('out/recall.parquet', selects.sample(scale.sampleEmbeddings));
    const configs = [...goodConfigs(), ...(params.bad === true ? badConfigs() : [])];
    for (const { path, text } of configs) await writeFile(await staging.path(path), text);
    await writeFile(await staging.path('README.md'), readme(scale, params.seed, demoVersion, files.rows));
    return [...files.rows.keys(), ...configs.map(({ path }) => path), 'README.md'];
  } finally {
    context.signal.removeEventListener('abort', interrupt);
    connections.forEach((c) => c.closeSync());
    instance.closeSync();
  }
}
