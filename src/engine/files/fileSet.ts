import type { Notice } from '../../core/table/dataset.ts';
import type { Compression, Format } from '../../core/table/sampleName.ts';

/** One file of a data set. */
export interface SourceFile {
  /** The path as found, for display. */
  readonly path: string;
  /** The path to open, with symbolic links resolved. */
  readonly realPath: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly partition: Readonly<Record<string, string | null>>;
}

/** The files of a path, folder or glob: one format, ordered by path. */
export interface FileSet {
  readonly format: Format;
  readonly compression: Compression;
  readonly files: readonly SourceFile[];
  /** Names of the partition columns, the same in every file. Empty if the files disagree. */
  readonly partitionColumns: readonly string[];
  readonly notices: readonly Notice[];
}
