import type { DeclaredRole, Role } from '../core/table/role.ts';

/**
 * Names a data set in every request. Requests are complete in themselves (reference + view), so a restarted engine answers them
 * without being told what was open before.
 */
export interface DatasetRef {
  /** One editor, one id: two editors of one file do not share cursors or cancellation. */
  readonly id: string;
  /** Absolute path of a file or folder, or a glob with an absolute root. */
  readonly path: string;
  /** Roles a person set; null takes a guess away. */
  readonly roles?: Readonly<Record<string, Role | null>>;
  /** Roles that configs declare, by the name of the column; what a person set wins. */
  readonly declared?: Readonly<Record<string, DeclaredRole>>;
  /** Of the data set as opened. When given and the files differ now, the request fails with `changed`. */
  readonly fingerprint?: string;
  /** An absolute folder: the request fails with `refused-path` where a file lies outside of it, symbolic links resolved. */
  readonly within?: string;
}
