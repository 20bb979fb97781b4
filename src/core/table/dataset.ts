import type { Message } from '../message/message.ts';
import type { RoleGuess } from './role.ts';
import type { Compression, Format } from './sampleName.ts';
import type { LogicalType } from './type.ts';

export interface Column {
  readonly name: string;
  readonly type: LogicalType;
  readonly role: RoleGuess | null;
  /** True for a column that comes from a folder name such as `dt=2026-11-20`. */
  readonly partition: boolean;
  /** False for a column of text files without any value. Its type is then string, because the real type is unknown. */
  readonly hasValues?: false;
}

/** A message about shown data: a skipped row, an estimate, a limit. Never a success. */
export interface Notice {
  readonly severity: 'info' | 'warning' | 'error';
  readonly code:
    | 'bad-rows'
    | 'types-differ'
    | 'invalid-utf8'
    | 'nul-bytes'
    | 'wrong-extension'
    | 'limit'
    | 'counts-differ'
    | 'encoding'
    | 'skipped-files'
    | 'ids-as-text'
    | 'outside-workspace'
    | 'table-format';
  readonly message: Message;
}

/** An opened data set: one file, or many read as one. */
export interface Dataset {
  readonly path: string;
  readonly format: Format;
  readonly compression: Compression;
  readonly files: number;
  /** Bytes on disk, over all files. */
  readonly bytes: number;
  /** Exact number of rows; null while a text file is still being read. */
  readonly rows: number | null;
  readonly columns: readonly Column[];
  readonly notices: readonly Notice[];
  /** Unchanged as long as no file of the set is changed, added or removed (by sizes and modification times). */
  readonly fingerprint: string;
}

/** A row that does not fit the others. It is kept as text, and never dropped silently. */
export interface BadRow {
  readonly path: string;
  /** 1-based line of the file where the row starts. */
  readonly line: number;
  readonly text: string;
  readonly reason: Message;
}

export interface FileEntry {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number | null;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly partition: Readonly<Record<string, string>>;
}

export interface RowGroup {
  readonly file: number;
  readonly index: number;
  readonly rows: number;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
}

/** How one column of a Parquet data set is stored, over all row groups. */
export interface StoredColumn {
  readonly name: string;
  readonly physicalType: string;
  readonly codecs: readonly string[];
  readonly encodings: readonly string[];
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  /** True if every row group has min/max statistics. */
  readonly statistics: boolean;
}

/** A record batch of an Arrow file. `bytes`: as stored, with its metadata. */
export interface RecordBatchFact {
  readonly file: number;
  readonly index: number;
  readonly rows: number;
  readonly bytes: number;
}

/** A column of a row group, with its statistics in the file as text; null: the file has none. */
export interface GroupColumn {
  readonly name: string;
  readonly min: string | null;
  readonly max: string | null;
  readonly nulls: number | null;
  /** Number of values, including NULLs; in a column of lists, the elements of all lists. */
  readonly values: number;
  readonly compressedBytes: number;
}

/** Row groups that readers skip for a filter. `file` and `index` are 0-based. */
export interface SkippedGroups {
  readonly total: number;
  readonly list: readonly { readonly file: number; readonly index: number }[];
}

export interface KeyValue {
  readonly key: string;
  readonly value: string;
  /** Set if the value was cut for display: its full length in bytes. */
  readonly bytes?: number;
}

/** Content of the tab *File*. Lists are complete up to the stated `limit`s; `total` is the full number. */
export interface FileFacts {
  readonly files: { readonly total: number; readonly list: readonly FileEntry[] };
  readonly partitionColumns: readonly string[];
  readonly parquet: null | {
    readonly createdBy: string;
    readonly version: string;
    readonly rowGroups: { readonly total: number; readonly list: readonly RowGroup[] };
    readonly columns: { readonly total: number; readonly list: readonly StoredColumn[] };
    readonly keyValues: { readonly total: number; readonly list: readonly KeyValue[] };
  };
  readonly arrow: null | {
    /** `file` (Feather), `stream`; both if the files differ. */
    readonly kind: string;
    /** Version of the metadata: `V5`. */
    readonly version: string;
    /** Compressions of the batches: `none`, `lz4`, `zstd`. */
    readonly codecs: readonly string[];
    readonly batches: { readonly total: number; readonly list: readonly RecordBatchFact[] };
    /** Types as pyarrow prints them. */
    readonly columns: {
      readonly total: number;
      readonly list: readonly { readonly name: string; readonly type: string; readonly isNullable: boolean }[];
    };
    readonly keyValues: { readonly total: number; readonly list: readonly KeyValue[] };
  };
  readonly text: null | {
    readonly delimiter: string;
    readonly quote: string;
    readonly header: boolean;
    readonly encoding: string;
    readonly newline: string;
    readonly badRows: { readonly total: number; readonly list: readonly BadRow[] };
  };
}
