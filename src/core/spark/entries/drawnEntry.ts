import type { ListEntry } from './listEntry.ts';
import type { PoolEntry } from './poolEntry.ts';

/** An entry whose rows are drawn. */
export type DrawnEntry =
  | { readonly kind: 'pool'; readonly entry: PoolEntry }
  | { readonly kind: 'list'; readonly entry: ListEntry };
