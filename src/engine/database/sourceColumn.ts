import type { LogicalType } from '../../core/table/type.ts';

/** A column of an opened data set. */
export interface SourceColumn {
  readonly name: string;
  readonly type: LogicalType;
  /** DuckDB's name of the type, for NULLs and casts. */
  readonly sqlType: string;
  readonly partition: boolean;
  readonly hasValues?: false;
}
