import { open, rm, type FileHandle } from 'node:fs/promises';
import { appendBytes, readAll, writeAll } from '../files/appendFile.ts';
import { JoinedFooter } from './joinedFooter.ts';

const MAGIC = new TextEncoder().encode('PAR1');
/** The footer length and the magic bytes. */
const TAIL_BYTES = 8;

/**
 * Joins several Parquet files with one schema without decoding them. Row groups are copied unchanged, and the footer
 * lists all of them.
 */
export class JoinedParquet {
  readonly #footer = new JoinedFooter();
  #end = 0;

  /** @param path the first file, to which the others are appended */
  constructor(private readonly path: string) {}

  /** Removes the footer of the first file. */
  async begin(): Promise<void> {
    await withFile(this.path, 'r+', async (file) => {
      const { footer, end } = await footerOf(file);
      this.#footer.add(footer, 0);
      await file.truncate(end);
      this.#end = end;
    });
  }

  /** Appends the row groups of another file and removes that file. */
  async append(path: string): Promise<void> {
    await withFile(path, 'r', async (source) => {
      const { footer, end } = await footerOf(source);
      await withFile(this.path, 'a', async (target) => {
        await appendBytes(source, MAGIC.length, end, target);
      });
      this.#footer.add(footer, this.#end - MAGIC.length);
      this.#end += end - MAGIC.length;
    });
    await rm(path);
  }

  /**
   * Completes the file.
   * @param facts its key-value metadata
   */
  async finish(facts: Readonly<Record<string, string>>): Promise<void> {
    await withFile(this.path, 'a', async (file) => {
      await writeEnd(file, this.#footer.bytes(facts));
    });
  }
}

/** Writes a Parquet file without data: enough to read its footer. */
export async function writeFooter(path: string, footer: Uint8Array): Promise<void> {
  await withFile(path, 'w', async (file) => {
    await writeAll(file, MAGIC);
    await writeEnd(file, footer);
  });
}

/** Writes a footer, its length and the magic bytes. */
async function writeEnd(file: FileHandle, footer: Uint8Array): Promise<void> {
  const tail = new Uint8Array(TAIL_BYTES);
  new DataView(tail.buffer).setUint32(0, footer.length, true);
  tail.set(MAGIC, 4);
  await writeAll(file, footer);
  await writeAll(file, tail);
}

/** @returns `end`: where the data before the footer ends */
export async function footerOf(file: FileHandle): Promise<{ readonly footer: Uint8Array; readonly end: number }> {
  const { size } = await file.stat();
  const tail = new Uint8Array(TAIL_BYTES);
  await readAll(file, tail, size - TAIL_BYTES);
  const footer = new Uint8Array(new DataView(tail.buffer).getUint32(0, true));
  const end = size - TAIL_BYTES - footer.length;
  await readAll(file, footer, end);
  return { footer, end };
}

async function withFile(path: string, flags: string, task: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    await task(file);
  } finally {
    await file.close();
  }
}
