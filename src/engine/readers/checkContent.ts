import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { formatOfName, traitsOf, type Format, type NamedFormat } from '../../core/table/sampleName.ts';
import { fileFailure } from '../../core/message/fileFailure.ts';
import { readRange } from '../files/readRange.ts';
import { formatOfContent, offered, wrongName } from '../files/wrongName.ts';
import type { FileEnds, Signature } from './reader.ts';
import { readers } from './readers.ts';

/** Content that is recognized by its first bytes. */
const signatures: readonly Signature[] = [
  ...Object.values(readers).flatMap((reader) => reader.signatures),
  { content: 'gzip', bytes: [0x1f, 0x8b] },
  { content: 'Zstandard', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { content: 'ORC', bytes: [0x4f, 0x52, 0x43] },
  { content: 'Avro', bytes: [0x4f, 0x62, 0x6a, 0x01] },
  { content: 'zip', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { content: 'bzip2', bytes: [0x42, 0x5a, 0x68] },
  { content: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
];

/** Content name of each compression. */
const contentOfCompression = { gzip: 'gzip', zstd: 'Zstandard' } as const;

/**
 * Checks that the content of a file matches its name, before any parser reads it.
 * @throws FailureError `empty`, `wrong-format`, `encrypted`, `truncated`, `corrupt`, `unsupported`
 */
export async function checkContent(path: string, { format, compression }: NamedFormat, bytes: number): Promise<void> {
  const reader = readers[format];
  if (bytes === 0) {
    const { message: text, advice } = reader.emptyFile ?? {
      message: message('The file is empty (0 bytes)'),
      advice: message('Write the file again, or choose another one.'),
    };
    throw fail('empty', text, { place: { path }, advice });
  }
  const ends = await readFileEnds(path, bytes);
  if (compression === 'none') await reader.checkEnds(ends);
  else if (ends.content !== contentOfCompression[compression]) throw wrongName(path, ends.content);
}

/**
 * Detects the format and compression of a file. `format` overrides the detection. Only text formats may be compressed.
 * @throws FailureError `unsupported` if no format is given and the content shows none
 */
export async function contentFormat(path: string, bytes: number, format?: Format): Promise<NamedFormat> {
  const { content } = await readFileEnds(path, bytes);
  const detected = format ?? formatOfContent(content);
  if (detected === undefined) {
    const isPacked = formatOfName(path.replace(/\.[^.]*$/, '')) !== null;
    throw fail('unsupported', message('The file name does not indicate a readable format'), {
      place: { path },
      advice: isPacked
        ? message('Decompress the file first. Only CSV, TSV and JSONL are read as .gz and .zst.')
        : message('Supported files are Parquet, Arrow, and CSV, TSV or JSONL, plain or as .gz or .zst.'),
      ...(isPacked ? {} : offered(content)),
    });
  }
  const compression = (['gzip', 'zstd'] as const).find((codec) => contentOfCompression[codec] === content) ?? 'none';
  return { format: detected, compression: traitsOf(detected).isText ? compression : 'none' };
}

async function readFileEnds(path: string, bytes: number): Promise<FileEnds> {
  try {
    const head = await readRange(path, 0, Math.min(512, bytes));
    const tail = await readRange(path, Math.max(0, bytes - 16), Math.min(16, bytes));
    return { path, bytes, head, tail, ...detectContent(head) };
  } catch (error) {
    throw fileFailure(error, path);
  }
}

/** The content by signature; else `JSON`, `CSV`, `text` or `binary data`. */
function detectContent(head: Uint8Array): Pick<FileEnds, 'content' | 'isSigned'> {
  const signature = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  if (signature) return { content: signature.content, isSigned: true };
  if (head.includes(0)) return { content: 'binary data', isSigned: false };
  const text = Buffer.from(head).toString('utf8').trimStart();
  if (text.startsWith('{') || text.startsWith('[')) return { content: 'JSON', isSigned: false };
  const line = text.split('\n', 1)[0] ?? '';
  return { content: /[,;\t|]/.test(line) ? 'CSV' : 'text', isSigned: false };
}
