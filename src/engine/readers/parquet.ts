import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { ParquetSource } from '../source/parquet.ts';
import { quotePath } from '../sql/quote.ts';
import { ascii, hex } from './bytes.ts';
import { readRange } from '../files/readRange.ts';
import { offered, wrongName } from '../files/wrongName.ts';
import type { FileEnds, Reader } from './reader.ts';

/** First and last bytes of a file. */
const MAGIC = { plain: 'PAR1', encrypted: 'PARE' };
/** Share of the memory limit for a copy that speeds up sorted pages. */
const MIRROR_SHARE = 0.75;

export const parquet: Reader = {
  signatures: [
    { content: 'Parquet', bytes: [...Buffer.from(MAGIC.plain)] },
    { content: 'encrypted Parquet', bytes: [...Buffer.from(MAGIC.encrypted)] },
  ],
  checkEnds,
  open: async ({ connections, path, files, directory, memoryBytes }, work) =>
    await ParquetSource.open(connections, path, files, { directory, mirrorBytes: memoryBytes * MIRROR_SHARE }, work),
  mayBeInLakeTable: true,
  readAll: async (connections, { realPath }, work) => {
    await connections.rows(
      `SELECT bit_xor(hash(*COLUMNS(*))) FROM read_parquet(${quotePath(realPath)}, hive_partitioning = false)`,
      work,
    );
  },
};

async function checkEnds({ path, bytes, head, tail, content }: FileEnds): Promise<void> {
  const place = { path };
  const end = tail.subarray(-4);
  if (content === 'encrypted Parquet' || ascii(end) === MAGIC.encrypted) {
    throw fail('encrypted', message('The Parquet file is encrypted, and there is no key'), {
      place,
      advice: message('Decrypt the file first. Encrypted files cannot be read.'),
    });
  }
  if (content !== 'Parquet') {
    if (content === 'binary data' || content === 'text') {
      throw fail(
        'wrong-format',
        message(
          'The file is named like a Parquet file, but it starts with the bytes {0} instead of PAR1',
          hex(head.subarray(0, 4)),
        ),
        {
          place: { path, byte: 0 },
          advice: message('Check how the file was written, or rename it.'),
          ...offered(content),
        },
      );
    }
    throw wrongName(path, content);
  }
  if (bytes < 12 || ascii(end) !== MAGIC.plain) {
    throw fail(
      'truncated',
      message(
        'The Parquet file is cut off: it has {1} bytes and ends with the bytes {0} instead of PAR1',
        hex(end),
        bytes,
      ),
      {
        place: { path, byte: Math.max(0, bytes - 4) },
        advice: message('Copy or write the file again. Its footer is missing.'),
      },
    );
  }
  await checkFooter(path, bytes);
}

/**
 * The footer length precedes the final magic bytes. If the length does not fit the file, the file is truncated or
 * damaged.
 */
async function checkFooter(path: string, bytes: number): Promise<void> {
  // With zeros if the file became shorter meanwhile.
  const length = Buffer.concat([await readRange(path, bytes - 8, 4)], 4).readUInt32LE(0);
  if (length + 12 > bytes || length === 0) {
    throw fail(
      'corrupt',
      message('The Parquet footer says it is {0} bytes long, but the file has {1} bytes', length, bytes),
      {
        place: { path, byte: bytes - 8 },
        advice: message('Copy or write the file again.'),
      },
    );
  }
}
