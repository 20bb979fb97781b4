import { open } from 'node:fs/promises';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { NamedFormat } from '../../core/table/sampleName.ts';
import { fileFailure } from './fileFailure.ts';

/** Content types that are recognized by their first bytes. */
const signatures: readonly (readonly [string, readonly number[]])[] = [
  ['Parquet', [0x50, 0x41, 0x52, 0x31]],
  ['encrypted Parquet', [0x50, 0x41, 0x52, 0x45]],
  ['gzip', [0x1f, 0x8b]],
  ['Zstandard', [0x28, 0xb5, 0x2f, 0xfd]],
  ['Arrow/Feather', [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31]],
  ['Feather (version 1)', [0x46, 0x45, 0x41, 0x31]],
  ['ORC', [0x4f, 0x52, 0x43]],
  ['Avro', [0x4f, 0x62, 0x6a, 0x01]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
];

/** Name of the content type by its first bytes; `text` for anything that looks like text, else `binary data`. */
export function contentOfBytes(head: Uint8Array): string {
  const known = signatures.find(([, bytes]) => bytes.every((b, k) => head[k] === b));
  if (known) return known[0];
  const first = head.subarray(0, 512);
  if (first.includes(0)) return 'binary data';
  const text = Buffer.from(first).toString('utf8').trimStart();
  if (text.startsWith('{') || text.startsWith('[')) return 'JSON';
  const line = text.split('\n', 1)[0] ?? '';
  return line.includes(',') ? 'CSV' : 'text';
}

/**
 * Checks that the content of a file matches its name, before any parser reads it.
 * @throws FailureError `empty`, `wrong-format`, `encrypted`, `truncated`
 */
export async function checkContent(path: string, named: NamedFormat, bytes: number): Promise<void> {
  const place = { path };
  if (bytes === 0 && named.format === 'jsonl') {
    throw fail('empty', message('The file is empty (0 bytes): a JSON Lines file without rows has no columns'), {
      place,
      advice: message(
        'If no rows were drawn, the lock file next to the sample file records this. Parquet and CSV keep their columns without rows.',
      ),
    });
  }
  if (bytes === 0) {
    throw fail('empty', message('The file is empty (0 bytes)'), {
      place,
      advice: message('Write the file again, or choose another one.'),
    });
  }
  const { head, tail } = await ends(path, bytes);
  const content = contentOfBytes(head);
  if (named.compression !== 'none') {
    const wanted = named.compression === 'gzip' ? 'gzip' : 'Zstandard';
    if (content !== wanted) throw wrongName(path, content);
    return;
  }
  if (named.format !== 'parquet') {
    // Text may start with the letters of a signature ("PAR1…", "ORC,…"). Only signatures with non-text bytes are
    // decisive; the others need binary content after them.
    const decisive = signatures.some(([name]) => name === content) && (head.includes(0) || !isPrintable(head));
    if (decisive) throw wrongName(path, content);
    return;
  }
  if (content === 'encrypted Parquet' || ascii(tail) === 'PARE') {
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
        },
      );
    }
    throw wrongName(path, content);
  }
  if (bytes < 12 || ascii(tail) !== 'PAR1') {
    throw fail(
      'truncated',
      message(
        'The Parquet file is cut off: it has {1} bytes and ends with the bytes {0} instead of PAR1',
        hex(tail),
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
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, bytes - 8);
    const length = buffer.readUInt32LE(0);
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
  } finally {
    await file.close();
  }
}

/** The failure of a file whose name does not match the format of its content. */
export function wrongName(path: string, content: string): Error {
  const extension = /(\.[^./\\]+)?\.[^./\\]+$/.exec(path)?.[0] ?? path;
  return fail('wrong-format', message('The file is named {0}, but its content is {1}', extension, content), {
    place: { path, byte: 0 },
    advice: message('Rename the file to match its content, or write it again.'),
  });
}

async function ends(path: string, bytes: number): Promise<{ head: Uint8Array; tail: Uint8Array }> {
  try {
    return await readEnds(path, bytes);
  } catch (error) {
    throw fileFailure(error, path);
  }
}

async function readEnds(path: string, bytes: number): Promise<{ head: Uint8Array; tail: Uint8Array }> {
  const file = await open(path, 'r');
  try {
    const head = await file.read(Buffer.alloc(Math.min(512, bytes)), 0, Math.min(512, bytes), 0);
    const tail = await file.read(Buffer.alloc(Math.min(4, bytes)), 0, Math.min(4, bytes), Math.max(0, bytes - 4));
    return { head: head.buffer.subarray(0, head.bytesRead), tail: tail.buffer.subarray(0, tail.bytesRead) };
  } finally {
    await file.close();
  }
}

function isPrintable(bytes: Uint8Array): boolean {
  return bytes.every((b) => b >= 0x20 || b === 0x09 || b === 0x0a || b === 0x0d);
}

function ascii(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join(' ');
}
