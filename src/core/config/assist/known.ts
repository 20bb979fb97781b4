import type { DatasetName } from '../definition/data.ts';
import type { Message } from '../../message/message.ts';

/** A column of the data files. */
export interface KnownColumn {
  readonly name: string;
  /** Type as shown to the user. */
  readonly typeName: string;
  /** Guessed role; null if no role is likely. */
  readonly role: string | null;
}

/** Knowledge from outside the text. All of it is in memory; nothing is awaited. */
export interface Known {
  /** Columns of an entry of `data`; null if its files were not read. */
  columns(dataset: DatasetName): readonly KnownColumn[] | null;
  /** Files and folders that continue a path, relative to the config. */
  paths?(prefix: string): readonly string[];
  /** Rules by id, for policies. */
  readonly rules?: readonly { readonly id: string; readonly summary: Message }[];
}
