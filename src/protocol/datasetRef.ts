import type { DeclaredSequence } from '../core/audit/sampleColumns.ts';
import type { LogicalType } from '../core/table/type.ts';
import type { Format } from '../core/table/sampleName.ts';
import type { DeclaredRole, Role } from '../core/table/role.ts';

/**
 * Identifies a data set in every request. Requests are complete (reference and view), so a restarted engine can answer
 * without earlier calls.
 */
export interface DatasetRef {
  /** Each editor has its own id: two editors of one file do not share cursors or cancellation. */
  readonly id: string;
  /** Absolute path of a file or folder, or a glob with an absolute root. */
  readonly path: string;
  /** Roles that the user set; null removes a guessed role. */
  readonly roles?: Readonly<Record<string, Role | null>>;
  /** Roles that configs declare, by column name. Roles that the user set take precedence. */
  readonly declared?: Readonly<Record<string, DeclaredRole>>;
  /** Sequences whose lists the user named. */
  readonly sequences?: readonly DeclaredSequence[];
  /** Fingerprint of the data set when it was opened. If the files have changed, the request fails with `changed`. */
  readonly fingerprint?: string;
  /**
   * An absolute folder. The request fails with `refused-path` if a file is outside it, after resolving symbolic links.
   */
  readonly within?: string;
  /**
   * The format to read the files in, whatever their names say. Default: the format of the name, else of the content.
   */
  readonly format?: Format;
  /**
   * Columns of a table of Spark, whose name is `path`. Nothing is opened: it has no rows here. Only jobs for Spark are
   * written from it.
   */
  readonly columns?: readonly { readonly name: string; readonly type: LogicalType; readonly partition: boolean }[];
}
