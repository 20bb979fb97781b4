import type { ShortfallCause } from '../drawn.ts';

/** What the name of a lock file ends with; before it stands the name of the sample file. */
export const lockEnding = '.recsample.json';

/** Version of the shape of a lock file. */
export const lockFormat = 1;

/** Data sets that a stage may be drawn from, in the order in which they are told. */
export const lockedDatasets = ['impressions', 'clicks', 'items', 'users', 'candidates', 'rejections'] as const;
export type LockedDataset = (typeof lockedDatasets)[number];

/**
 * How a sample file came about and what is in it. The same for equal runs: it has no clock times, and no paths of the
 * machine.
 */
export interface SampleLock {
  readonly format: typeof lockFormat;
  /** `recsample` and its version. */
  readonly generator: string;
  readonly stage: string;
  readonly unit: string;
  readonly seed: string;
  readonly epoch: number;
  readonly split: string;
  /** Exact text of the ids that were named, each once, ordered by their bytes; `all`: every user of the log. */
  readonly users: 'all' | readonly string[];
  /** `path`: from the folder of the project; `sha256`: of the text; `variables`: given beside it. */
  readonly config: {
    readonly path: string;
    readonly sha256: string;
    readonly variables: Readonly<Record<string, string>>;
  };
  /**
   * `settings`: what the plan asks for and how the data are read, after the paths of a config, with defaults filled in.
   */
  readonly plan: { readonly sha256: string; readonly settings: Readonly<Record<string, string>> };
  readonly data: Readonly<Partial<Record<LockedDataset, LockedData>>>;
  readonly output: {
    readonly format: string;
    readonly layout: string;
    readonly columns: readonly string[];
    readonly rows: number;
    readonly bytes: number;
    readonly sha256: string;
  };
  readonly counts: RunCounts;
  /** In the order of the plan. */
  readonly entries: readonly LockedEntry[];
  /** Of all rows that have it: `log_q_mix` is there for positives and for what was drawn. */
  readonly logQMix: { readonly positives: QFigures | null; readonly negatives: QFigures | null };
}

/** A data set as it was read. `path`: from the folder of the config. */
export interface LockedData extends FilesDigest {
  readonly path: string;
}

/** Files with their content. */
export interface FilesDigest {
  /**
   * SHA-256 of a line for each file, as `sha256sum` writes it: digest, two blanks, path; ordered by the bytes of the
   * paths.
   */
  readonly sha256: string;
  readonly bytes: number;
  /** Ordered by the bytes of the paths. */
  readonly files: readonly LockedFile[];
}

/** `path`: below the folder of the data set, with `/`. */
export interface LockedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface RunCounts {
  /** Users of the log; those without groups have no rows. */
  readonly users: number;
  readonly groups: number;
  readonly positives: number;
  readonly negatives: number;
  /** Rows whose item no entry of the group can reach. */
  readonly unreached: number;
  /**
   * Negatives whose columns of the log are NULL for want of an exposure of their own; not there where no such column is
   * passed through.
   */
  readonly withoutExposure?: number;
}

/** What an entry of the mix was asked for and drew. */
export interface LockedEntry {
  readonly name: string;
  readonly source: string;
  readonly asked: number;
  readonly drawn: number;
  readonly shortGroups: number;
  /** Missing rows by cause. */
  readonly shortfalls: Readonly<Record<ShortfallCause, number>>;
  /** Null where no row has it. */
  readonly logQ: QFigures | null;
}

/** Natural logarithms of probabilities, to a millionth. */
export interface QFigures {
  readonly rows: number;
  readonly mean: number;
  readonly least: number;
  readonly greatest: number;
  /**
   * Rows by half nats, those that have some: the greater end of the half nat, which is in it, and its rows; from 0
   * downwards.
   */
  readonly bins: readonly (readonly [number, number])[];
}
