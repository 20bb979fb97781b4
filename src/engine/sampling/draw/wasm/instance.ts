import { poolDrawBatchModule } from './poolDrawBatchModule.ts';

/** Globals of `assembly/poolDrawBatch.ts`, which documents each: addresses of columns, and numbers. */
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
  | 'bins';
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
  | 'BINS';

export type PoolDrawBatchExports = Readonly<Record<ColumnName | NumberName, WebAssembly.Global>> & {
  readonly start: () => void;
  readonly draw: (from: number, to: number, groups: number, first: number) => number;
};

/** Functions that the module calls. */
interface PoolDrawBatchImports {
  readonly log: (x: number) => number;
  readonly isBelow: (column: number, word: number) => boolean;
}

let module: WebAssembly.Module | null = null;

/** A module instance with a separate memory. */
export function instantiate(imports: PoolDrawBatchImports): {
  readonly memory: WebAssembly.Memory;
  readonly exports: PoolDrawBatchExports;
} {
  module ??= new WebAssembly.Module(Buffer.from(poolDrawBatchModule, 'base64'));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(module, {
    env: { memory },
    poolDrawBatch: { log: imports.log },
    attempts: { isBelow: imports.isBelow },
  });
  return { memory, exports: exports as PoolDrawBatchExports };
}
