import type { DatasetName } from '../definition/data.ts';
import type { Message } from '../../report/message.ts';

/** A column as the data files have it. */
export interface KnownColumn {
  readonly name: string;
  /** Its type as it is shown. */
  readonly typeName: string;
  /** Its guessed role; null where none is likely. */
  readonly role: string | null;
}

/** What is known besides the text. All of it at hand: nothing is waited for. */
export interface Known {
  /** The columns of an entry of `data`; null where its files were not read. */
  columns(dataset: DatasetName): readonly KnownColumn[] | null;
  /** Files and folders that continue a path, relative to the config. */
  paths?(prefix: string): readonly string[];
  /** Rules by id, for policies. */
  readonly rules?: readonly { readonly id: string; readonly summary: Message }[];
}
