import { rmSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { fail, FailureError, failureOf } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { EngineClient, EngineMethod, Params, Result, CallContext } from '../../protocol/engine.ts';
import { methods } from '../methods/registry.ts';
import type { CapacityProbe } from '../files/capacityProbe.ts';
import { OpenDatasets } from '../answers/openDatasets.ts';
import { makeTemporaryFolder, removeAbandonedFolders } from '../files/temporary.ts';

export interface EngineOptions {
  /** Parent folder for spill files and copies; default: the temporary folder of the system. */
  readonly temporaryDirectory?: string;
  readonly threads?: number;
  /** Memory limit of DuckDB for each data set, in bytes; default: a quarter of the machine's memory, at most 2 GB. */
  readonly memoryBytes?: number;
  /** See `SessionOptions.drawWorker`. */
  readonly drawWorker?: string;
  /** Reports free disk space and memory; default: those of the machine. */
  readonly capacity?: CapacityProbe;
}

const DEFAULT_MEMORY = 2e9;

/** Runs the engine in this process. `dispose` frees every data set and removes the temporary files. */
export function createEngine(options: EngineOptions = {}): EngineClient & { dispose(): Promise<void> } {
  const root = options.temporaryDirectory ?? tmpdir();
  const temporaryDirectory = makeTemporaryFolder(root);
  void removeAbandonedFolders(root);
  const datasets = new OpenDatasets({
    temporaryDirectory,
    threads: options.threads ?? availableParallelism(),
    memoryBytes: options.memoryBytes ?? Math.min(DEFAULT_MEMORY, totalmem() / 4),
    ...(options.drawWorker === undefined ? {} : { drawWorker: options.drawWorker }),
    ...(options.capacity ? { capacity: options.capacity } : {}),
  });
  return {
    async call<M extends EngineMethod>(
      method: M,
      params: Params<M>,
      context: Partial<CallContext> = {},
    ): Promise<Result<M>> {
      try {
        if (!Object.hasOwn(methods, method)) throw fail('bad-request', message('There is no request {0}', method));
        return await methods[method](datasets, params, context);
      } catch (error) {
        throw error instanceof FailureError ? error : new FailureError(failureOf(error));
      }
    },
    async dispose() {
      await datasets.closeAll();
      rmSync(temporaryDirectory, { recursive: true, force: true });
    },
  };
}
