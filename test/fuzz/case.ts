/** One thing that is done with a mutant. `{folder}` in its texts is the folder of the case, `{world}` the one of the seeds. */
export type Step =
  /** `findings`: exit code 1 is allowed. `names`: a failure mentions this text. `digest`: what accepted rows must have. */
  | {
      readonly kind: 'cli';
      readonly args: readonly string[];
      readonly findings?: boolean;
      readonly names?: string;
      readonly digest?: string;
    }
  /** A request to the engine. `garbage`: its types are wrong too; then any failure will do. */
  | { readonly kind: 'call'; readonly method: string; readonly params: unknown; readonly garbage?: boolean }
  /** A request to the language server, which has the engine below it. */
  | { readonly kind: 'server'; readonly method: string; readonly params: unknown; readonly garbage?: boolean };

/** A mutant and what is done with it. Complete in itself: it is kept as JSON for a replay. */
export interface Case {
  /** Base64 by path below the folder of the case. */
  readonly files: Readonly<Record<string, string>>;
  /** Targets of symbolic links by path below the folder of the case. */
  readonly links?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** What became of a step. */
export type Outcome =
  /** `internal`: failures of the engine that are no one's but its own. */
  | {
      readonly kind: 'cli';
      readonly code: number;
      readonly out: string;
      readonly err: string;
      readonly internal: readonly string[];
    }
  | { readonly kind: 'answer' }
  /** `code`: of the failure; `json-rpc N` where the error carries none. */
  | { readonly kind: 'failure'; readonly code: string; readonly text: string };

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
