import { poolDrawBatchModule } from './poolDrawBatchModule.ts';

/** Globals of `assembly/poolDrawBatch.ts` and `assembly/mix.ts`, which document each: addresses of columns, and numbers. */
export type ColumnName =
  | 'columns'
  | 'itemOfPlace'
  | 'classOfPlace'
  | 'classOfItem'
  | 'weights'
  | 'logs'
  | 'lives'
  | 'eligibleWeights'
  | 'eligibleCounts'
  | 'pools'
  | 'poolOfItem'
  | 'poolOfGroup'
  | 'excludedPools'
  | 'excludedWeights'
  | 'attemptWords'
  | 'words'
  | 'quotas'
  | 'states'
  | 'positiveOffsets'
  | 'positives'
  | 'userEnds'
  | 'excludedOffsets'
  | 'excluded'
  | 'slots'
  | 'places'
  | 'hashes'
  | 'classes'
  | 'ties'
  | 'livesAt'
  | 'rowGroup'
  | 'rowItem'
  | 'rowDraw'
  | 'rowLogQ'
  | 'filledOf'
  | 'acceptableOf'
  | 'totalOf'
  | 'refusals'
  | 'tallies'
  | 'bins'
  | 'entryTable'
  | 'mixedGroup'
  | 'mixedItem'
  | 'mixedEntry'
  | 'mixedDraw'
  | 'mixedLogQ'
  | 'mixedLogQMix'
  | 'mixedExpected'
  | 'mixedEven'
  | 'mixedTallies'
  | 'mixedBins';
type NumberName =
  | 'poolSize'
  | 'salt0'
  | 'salt1'
  | 'bits'
  | 'wide'
  | 'ahead'
  | 'slotBytes'
  | 'slotBits'
  | 'attempts'
  | 'unreached'
  | 'BLOCK'
  | 'TALLY'
  | 'BINS'
  | 'entryCount'
  | 'ENTRY_BYTES';

export type PoolDrawBatchExports = Readonly<Record<ColumnName | NumberName, WebAssembly.Global>> & {
  readonly start: () => void;
  readonly draw: (from: number, to: number, groups: number, first: number) => number;
  readonly startMix: () => void;
  readonly mix: (from: number, to: number, first: number) => number;
};

/** Functions that the module calls. */
interface PoolDrawBatchImports {
  readonly log: (x: number) => number;
  readonly isBelow: (column: number, word: number) => boolean;
}

let module: WebAssembly.Module | null = null;

/** A module instance that uses a memory. */
export function instantiate(imports: PoolDrawBatchImports, memory: WebAssembly.Memory): PoolDrawBatchExports {
  module ??= new WebAssembly.Module(Buffer.from(poolDrawBatchModule, 'base64'));
  const { exports } = new WebAssembly.Instance(module, {
    env: { memory },
    poolDrawBatch: { log: imports.log },
    mix: { log: imports.log },
    attempts: { isBelow: imports.isBelow },
  });
  return exports as PoolDrawBatchExports;
}
