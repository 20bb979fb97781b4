import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import xxhash from 'xxhash-wasm';
import { withConnection } from './testDatabase.ts';

let serial = 0;

/**
 * Compresses text as Zstandard through DuckDB's CSV writer, because Node 20 cannot. One line of text per row; the text
 * ends with a line break.
 */
export async function zstdCompress(content: string, folder: string): Promise<Uint8Array> {
  const path = join(folder, `zstd-${serial++}.zst`);
  const lines = content
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `('${line.replaceAll("'", "''")}')`);
  await withConnection(async (connection) => {
    await connection.run(
      `COPY (SELECT * FROM (VALUES ${lines.join(', ')})) TO '${path}' (FORMAT csv, HEADER false, DELIM E'\\x01', QUOTE '', ESCAPE '', COMPRESSION zstd)`,
    );
  });
  return readFileSync(path);
}

/** One frame with `content` in a raw block, with its size and checksum. Up to 255 bytes. */
export async function rawFrame(content: string): Promise<Buffer> {
  const bytes = Buffer.from(content);
  const block = Buffer.alloc(3);
  block.writeUIntLE(1 | (bytes.length << 3), 0, 3);
  return Buffer.concat([
    Buffer.from('28b52ffd', 'hex'),
    Buffer.from([0x24, bytes.length]),
    block,
    bytes,
    await checksum(bytes),
  ]);
}

/** A frame from DuckDB with the checksum of its content. */
export async function checkedFrame(content: string, folder: string): Promise<Buffer> {
  const frame = Buffer.from(await zstdCompress(content, folder));
  frame[4] = (frame[4] ?? 0) | 4;
  return Buffer.concat([frame, await checksum(Buffer.from(content))]);
}

async function checksum(content: Buffer): Promise<Buffer> {
  const four = Buffer.alloc(4);
  four.writeUInt32LE(Number((await xxhash()).h64Raw(content) & 0xffffffffn));
  return four;
}
