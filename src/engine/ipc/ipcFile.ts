import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { message } from '../../core/message/message.ts';
import { valueAt } from '../../core/valueAt.ts';
import type { Work } from '../database/connections.ts';
import type { Expansion } from '../files/expansion.ts';
import type { SourceFile } from '../files/fileSet.ts';
import { batchLayout } from './batchLayout.ts';
import { IpcBody, type Scratch } from './body.ts';
import { Budget } from './budget.ts';
import { joined, type Column } from './column.ts';
import { ColumnReader } from './columnReader.ts';
import { readLayout, type IpcBlock, type IpcLayout } from './layout.ts';
import { readMessage, type BatchHeader, type IpcMessage } from './message.ts';
import { damaged, placed, unsupported } from './problem.ts';
import { typeText, type IpcField } from './schema.ts';
import { batchBytes } from './valueBytes.ts';

/** Limits on how much of a file is in memory at a time. */
interface IpcLimits {
  /** Rows that are read at a time, if they are not too long. A multiple of the rows of DuckDB's chunks. */
  readonly sliceRows: number;
  /** Bytes that are read at a time. */
  readonly sliceBytes: number;
  /** Maximum bytes of a row, and of all dictionaries of a file. */
  readonly maxBytes: number;
  /** Maximum bytes of the buffers of a batch in memory. Larger ones are stored in a file. */
  readonly bufferBytes: number;
}

const usual: IpcLimits = {
  sliceRows: 16_384,
  sliceBytes: 32 << 20,
  maxBytes: 512 << 20,
  bufferBytes: 64 << 20,
};

/** A copy of a value takes about as much of the time in which a row is made. */
const COPIES_PER_VALUE = 16;

/** Reads the rows of one Arrow file, slice by slice. */
export class IpcFile {
  /** Columns with a date or time that DuckDB cannot hold, and that time as stored. Their values are meaningless. */
  readonly outOfRange = new Map<number, bigint>();
  readonly #file: SourceFile;
  readonly #handle: FileHandle;
  readonly #scratch: ScratchFile;
  readonly #dictionaries = new Map<
    bigint,
    { readonly type: string; readonly values: Column; readonly bytes: number }
  >();

  private constructor(
    file: SourceFile,
    handle: FileHandle,
    directory: string,
    private readonly expansion: Expansion,
    private readonly limits: IpcLimits,
  ) {
    this.#file = file;
    this.#handle = handle;
    this.#scratch = new ScratchFile(join(directory, 'arrow-buffers'));
  }

  /**
   * @param directory for buffers that do not fit into memory; the next file uses the same name
   * @param expansion budget of the data set
   */
  static async open(
    file: SourceFile,
    directory: string,
    expansion: Expansion,
    limits: IpcLimits = usual,
  ): Promise<IpcFile> {
    return new IpcFile(file, await open(file.realPath, 'r'), directory, expansion, limits);
  }

  /** Reads the metadata of the file. Opens and closes it. */
  static async layout({ path, realPath, bytes }: SourceFile, work: Work): Promise<IpcLayout> {
    const handle = await open(realPath, 'r');
    try {
      return await readLayout(handle, bytes, work);
    } catch (error) {
      throw placed(error, { path });
    } finally {
      await handle.close();
    }
  }

  /**
   * All rows in order.
   * @param wanted positions of the columns to read
   * @throws FailureError `corrupt`, `truncated`, `unsupported` with the place in the file
   */
  async *slices({ kind, schema, blocks, end }: IpcLayout, wanted: readonly number[]): AsyncGenerator<Slice> {
    const encoded = wanted.flatMap((k) => {
      const field = schema.fields[k];
      return field ? dictionaryFields(field).map(([id, inner]) => ({ id, field: inner, column: k })) : [];
    });
    for (const block of blocks) {
      try {
        const found = await readMessage(this.#handle, block.at, end);
        if (found?.content.kind === 'dictionary') {
          const { id, isDelta } = found.content;
          const uses = encoded.filter((use) => use.id === id);
          const columns = uses.map(({ column }) => column);
          const field = uses.at(-1)?.field;
          if (field) await this.#readDictionary(field, columns, found, found.content.batch, isDelta, kind === 'file');
        } else if (found?.content.kind === 'batch' && block.rows > 0)
          yield* this.#batch(schema.fields, wanted, found, found.content.batch, block);
      } catch (error) {
        throw placed(error, { path: this.#file.path, byte: block.at });
      }
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
    await this.#scratch.close();
  }

  async *#batch(
    all: readonly IpcField[],
    wanted: readonly number[],
    { version, ...place }: IpcMessage,
    header: BatchHeader,
    { rows, bytes }: IpcBlock,
  ): AsyncGenerator<Slice> {
    const { sliceRows, sliceBytes, maxBytes } = this.limits;
    const layouts = batchLayout(all, header, version);
    this.expansion.check(wanted.reduce((sum, k) => sum + batchBytes(valueAt(layouts, k)), 0));
    const body = await this.#body(place, header);
    const readers: ColumnReader[] = [];
    for (const k of wanted) {
      const layout = layouts[k];
      if (layout)
        readers.push(
          await ofColumn(layout.field, () =>
            ColumnReader.open(layout, body, this.#dictionaries, (stored) => {
              this.outOfRange.set(k, stored);
            }),
          ),
        );
    }
    let atOnce = sliceRows;
    for (let from = 0; from < rows;) {
      const count = Math.min(atOnce, rows - from);
      const { left } = this.expansion;
      const most = Math.min(count === 1 ? maxBytes : sliceBytes, left);
      const budget = new Budget(most);
      const columns = await this.#slice(
        readers,
        wanted.flatMap((k) => all[k] ?? []),
        from,
        count,
        budget,
      );
      if (columns !== null) {
        from += count;
        this.expansion.take(most - budget.left);
        yield { columns, rows: count, bytes: (bytes * count) / rows, held: most - budget.left };
      } else if (count > 1) atOnce = Math.ceil(count / 2);
      else if (left < maxBytes) throw this.expansion.refusal(this.expansion.limit + 1);
      else throw unsupported(message('a row of more than {0} MB', maxBytes / 2 ** 20));
    }
  }

  async #body(place: Omit<IpcMessage, 'content' | 'version'>, header: BatchHeader): Promise<IpcBody> {
    const memory = { scratch: this.#scratch, memoryBytes: this.limits.bufferBytes, expansion: this.expansion };
    return await IpcBody.open(this.#handle, this.#file.path, place, header, memory);
  }

  async #slice(
    readers: readonly ColumnReader[],
    fields: readonly IpcField[],
    from: number,
    count: number,
    budget: Budget,
  ): Promise<Column[] | null> {
    const columns: Column[] = [];
    for (const [k, reader] of readers.entries()) {
      const column = await ofColumn(fields[k], () => reader.read(from, count, null, budget));
      if (column === null) return null;
      columns.push(column);
    }
    return columns;
  }

  async #readDictionary(
    encoded: IpcField,
    columns: readonly number[],
    { content, version, ...place }: IpcMessage,
    header: BatchHeader,
    isDelta: boolean,
    isFile: boolean,
  ): Promise<void> {
    if (content.kind !== 'dictionary') return;
    const { id } = content;
    const { maxBytes } = this.limits;
    const field: IpcField = { ...encoded, dictionary: null };
    const old = this.#dictionaries.get(id);
    if (old && !isDelta && isFile) throw damaged(message('a file has a dictionary twice'));
    const [layout] = batchLayout([field], header, version);
    if (!layout) return;
    this.expansion.check(batchBytes(layout));
    const body = await this.#body(place, header);
    const others = [...this.#dictionaries].reduce(
      (sum, [key, { bytes }]) => (key === id && !isDelta ? sum : sum + bytes),
      0,
    );
    const most = maxBytes - others;
    const { left } = this.expansion;
    const budget = new Budget(Math.min(most, left));
    const values = await ofColumn(field, async () => {
      const reader = await ColumnReader.open(layout, body, this.#dictionaries, (stored) => {
        for (const column of columns) this.outOfRange.set(column, stored);
      });
      return await reader.read(0, header.rows, null, budget);
    });
    if (values === null) {
      if (left < most) throw this.expansion.refusal(this.expansion.limit + 1);
      throw unsupported(message('dictionaries of more than {0} MB', maxBytes / 2 ** 20));
    }
    const bytes = Math.min(most, left) - budget.left;
    // Values that are added later are copied behind all earlier ones.
    this.expansion.take(bytes + (old && isDelta ? old.bytes / COPIES_PER_VALUE : 0));
    this.#dictionaries.set(
      id,
      old && isDelta
        ? { type: old.type, values: joined(old.values, values), bytes: old.bytes + bytes }
        : { type: typeText(field), values, bytes },
    );
  }
}

/** Some rows of a file: the wanted columns, about how many bytes of the file they are, and the memory they need. */
export interface Slice {
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly bytes: number;
  readonly held: number;
}

/** Every column that holds indices, in this one or inside of it, by the id of its dictionary. */
function dictionaryFields(field: IpcField): (readonly [bigint, IpcField])[] {
  return [
    ...(field.dictionary === null ? [] : [[field.dictionary.id, field] as const]),
    ...field.children.flatMap(dictionaryFields),
  ];
}

async function ofColumn<T>(field: IpcField | undefined, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!field) throw error;
    throw placed(error, { column: field.name });
  }
}

class ScratchFile implements Scratch {
  bytes = 0;
  #handle: FileHandle | null = null;

  constructor(private readonly path: string) {}

  async file(): Promise<FileHandle> {
    return (this.#handle ??= await open(this.path, 'w+'));
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }
}
