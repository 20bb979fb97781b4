import { listDrawBatchModule } from './listDrawBatchModule.ts';

/** Globals of `assembly/listDrawBatch.ts`, which documents each: addresses of columns, and numbers. */
export type ListColumn =
  | 'words'
  | 'times'
  | 'readTimes'
  | 'quotas'
  | 'positiveOffsets'
  | 'positives'
  | 'userEnds'
  | 'listOffsets'
  | 'listed'
  | 'firstWords'
  | 'secondWords'
  | 'drawnFrom'
  | 'drawnUntil'
  | 'candidateFrom'
  | 'since'
  | 'hashes'
  | 'places'
  | 'ranks'
  | 'order'
  | 'keys'
  | 'rowGroup'
  | 'rowItem'
  | 'rowDraw'
  | 'rowLogQ'
  | 'filledOf';
type ListNumber = 'salt0' | 'salt1' | 'dated' | 'unreached' | 'tallies' | 'bins' | 'TALLY' | 'BINS';

export type ListDrawBatchExports = Readonly<Record<ListColumn | ListNumber, WebAssembly.Global>> & {
  readonly start: () => void;
  readonly draw: (from: number, to: number, first: number) => number;
};

let module: WebAssembly.Module | null = null;

/** A module instance that uses a memory. */
export function instantiateLists(memory: WebAssembly.Memory): ListDrawBatchExports {
  module ??= new WebAssembly.Module(Buffer.from(listDrawBatchModule, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { env: { memory }, listDrawBatch: { log: Math.log } });
  return exports as ListDrawBatchExports;
}
