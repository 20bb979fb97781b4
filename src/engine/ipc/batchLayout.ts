import { message } from '../../core/message/message.ts';
import type { BatchHeader } from './message.ts';
import { damaged } from './problem.ts';
import type { IpcField } from './schema.ts';

/** Where a column of a batch, and the columns inside it, have their values. */
export interface ColumnLayout {
  readonly field: IpcField;
  readonly length: number;
  /** −1 if the writer does not say it. */
  readonly nulls: number;
  /** Numbers of its buffers in the header: validity, then what the type has. */
  readonly buffers: readonly number[];
  readonly children: readonly ColumnLayout[];
}

/**
 * The layout of the columns of a batch. A header lists nodes and buffers of all columns without their types.
 * @throws FailureError `corrupt` if it does not fit the schema
 */
export function batchLayout(fields: readonly IpcField[], header: BatchHeader, version: string): ColumnLayout[] {
  const cursor = new Cursor(header, version);
  const columns = fields.map((field) => cursor.column(field));
  if (!cursor.isAtEnd || columns.some(({ length }) => length !== header.rows)) throw unfit();
  return columns;
}

class Cursor {
  #node = 0;
  #buffer = 0;
  #variadic = 0;

  constructor(
    private readonly header: BatchHeader,
    private readonly version: string,
  ) {}

  get isAtEnd(): boolean {
    return 2 * this.#node === this.header.nodes.length && 2 * this.#buffer === this.header.buffers.length;
  }

  column(field: IpcField): ColumnLayout {
    const [length, nulls] = [this.header.nodes[2 * this.#node], this.header.nodes[2 * this.#node + 1]];
    this.#node++;
    if (length === undefined || nulls === undefined || length < 0 || nulls > length) throw unfit();
    const first = this.#buffer;
    this.#buffer += field.dictionary === null ? this.#buffers(field) : 2;
    const buffers = Array.from({ length: this.#buffer - first }, (_, k) => first + k);
    const children = field.dictionary === null ? field.children.map((child) => this.column(child)) : [];
    return { field, length, nulls, buffers, children };
  }

  #buffers({ type }: IpcField): number {
    switch (type.kind) {
      case 'null':
      case 'run-end-encoded':
        return 0;
      case 'struct':
      case 'fixed-list':
        return 1;
      case 'bytes':
        return type.offsets === 'view' ? 2 + this.#views() : 3;
      case 'list-view':
        return 3;
      case 'union':
        return (type.isDense ? 2 : 1) + (this.version === 'V4' ? 1 : 0);
      default:
        return 2;
    }
  }

  #views(): number {
    const count = this.header.variadic[this.#variadic++];
    if (count === undefined || count < 0 || count > this.header.buffers.length) throw unfit();
    return count;
  }
}

function unfit(): Error {
  return damaged(message('a batch does not fit the schema'));
}
