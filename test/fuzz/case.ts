import type { Expectation } from './expectation.ts';

/**
 * One operation on a mutant. In its texts, `{folder}` is the folder of the case and `{world}` the folder of the seeds.
 */
export type Step =
  /**
   * `findings`: exit code 1 is allowed. `names`: a failure mentions this text. `digest`: the required digest of
   * accepted rows. `expects`: required if it is accepted. `accepted`: it must
   * be.
   */
  | {
      readonly kind: 'cli';
      readonly args: readonly string[];
      readonly findings?: boolean;
      readonly names?: string;
      readonly digest?: string;
      readonly expects?: Expectation;
      readonly accepted?: boolean;
    }
  /** A request to the engine. `garbage`: its types are wrong too, so any failure is acceptable. */
  | { readonly kind: 'call'; readonly method: string; readonly params: unknown; readonly garbage?: boolean }
  /** A request to the language server, which uses the engine. */
  | { readonly kind: 'server'; readonly method: string; readonly params: unknown; readonly garbage?: boolean };

/** A mutant and the operations on it. It is complete and is stored as JSON for a replay. */
export interface Case {
  /** Base64 by path below the folder of the case. */
  readonly files: Readonly<Record<string, string>>;
  /** Targets of symbolic links by path below the folder of the case. */
  readonly links?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** The result of a step. */
export type Outcome =
  /** `internal`: failures that are bugs of the engine itself. `outOfMemory`: a failure only for lack of memory. */
  | {
      readonly kind: 'cli';
      readonly code: number;
      readonly out: string;
      readonly err: string;
      readonly internal: readonly string[];
      readonly outOfMemory: boolean;
    }
  | { readonly kind: 'answer' }
  /** `code`: of the failure; `json-rpc N` if the error has none. */
  | { readonly kind: 'failure'; readonly code: string; readonly text: string };

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
