import { stat } from 'node:fs/promises';
import { fail, FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { formatOfName, traitsOf } from '../../core/table/sampleName.ts';
import { unreadableMessage } from '../../core/table/type.ts';
import type { SourceFile } from '../files/fileSet.ts';
import { fileFailure } from '../../core/message/fileFailure.ts';
import { patternTooLong, tooLong } from '../sql/like.ts';
import { itemsTooMany, tooManyItems } from '../sql/nestedItems.ts';
import { replaceTooLong, textTooLong } from '../sql/replace.ts';
import { isEncryptedUnderPlaintextFooter } from '../parquet/plaintextFooter.ts';
import { isMilliseconds, uncheckedMilliseconds } from './parquetTimes.ts';
import { unreadableColumnOf } from '../database/unreadable.ts';

/** Patterns in DuckDB's errors, most specific first, and what they mean for the file that was read. */
const meanings: readonly (readonly [RegExp, (place: { path?: string }, cause: string) => FailureError])[] = [
  // DuckDB's message for a full disk begins like the one for memory.
  [/max_temp_directory_size/i, diskFull],
  [
    /out of memory|failed to allocate|could not allocate/i,
    (place, cause) =>
      fail('out-of-memory', message('There is not enough memory for this'), {
        place,
        cause,
        advice: message('Filter the rows, choose fewer columns, or give the engine more memory in the settings.'),
      }),
  ],
  [/no space left|disk quota/i, diskFull],
  [
    /file too large/i,
    (_place, cause) =>
      fail('disk-full', message('The file exceeds the size limit of this disk or of the process'), {
        cause,
        advice: message('Write to another disk, or raise the limit (ulimit -f).'),
      }),
  ],
  [new RegExp(patternTooLong), tooLong],
  [new RegExp(replaceTooLong), (_place, cause) => textTooLong(cause)],
  [new RegExp(tooManyItems), itemsTooMany],
  [/encrypt/i, encrypted],
  [
    /no magic bytes|too small to be a parquet/i,
    (place, cause) =>
      fail('truncated', message('The Parquet file is cut off: its footer is missing'), {
        place,
        cause,
        advice: message('Copy or write the file again. Its footer is missing.'),
      }),
  ],
  [
    /permission denied/i,
    (place, cause) =>
      fail('no-permission', message('No permission to read this path'), {
        place,
        cause,
        advice: message('Ask for read access, or copy the file to a place that you may read.'),
      }),
  ],
  [
    /no files found|cannot open file|could not open/i,
    (place, cause) =>
      fail('not-found', message('There is no such file or folder'), {
        place,
        cause,
        advice: message('Check the path; the file may have been moved or deleted.'),
      }),
  ],
  // DuckDB's message for damage contains the one for unsupported content.
  [/invalid\/unsupported gzip/i, damaged],
  [
    /at least one non-root column/i,
    (place, cause) =>
      fail('unsupported', message('The Parquet file has no columns'), {
        place,
        cause,
        advice: message('Write the file again with at least one column.'),
      }),
  ],
  [
    /not implemented|unsupported|not supported|only supported|MAP_KEY_VALUE requires|variant/i,
    (place, cause) =>
      fail('unsupported', message('The file uses a feature that cannot be read: {0}', reasonOf(cause)), {
        place,
        cause,
        advice: message('Write the file again with common settings.'),
      }),
  ],
  [
    /don't know what type|thrift|TProtocol|deserialize|decompress|zstd|snappy|lz4|brotli|gzip|miniz|corrupt|footer|could not read|page sizes|out of range|out of buffer|invalid (byte|utf|string|unicode|page|encoding|dict)|mismatch|unexpected|overflow|metadata|parquet|header|malformed|rle|bit.?pack|bit width|incorrect stats|variable-length int|varint/i,
    damaged,
  ],
];

/** Classes of DuckDB errors about its input. The other classes (Binder, Parser, Catalog) are about our SQL. */
const aboutInput = /^(IO|Invalid|Invalid Input|Serialization|Out of Range|INTERNAL|FATAL) Error: /;

/**
 * Translates a DuckDB error for the user who reads these files. Files that changed or vanished in the meantime explain
 * any error, so they are checked first.
 */
export async function readFailure(error: unknown, files: readonly SourceFile[]): Promise<FailureError> {
  if (error instanceof FailureError) return error;
  const changed = await changedFile(files);
  if (changed !== null) return changed;
  const cause = error instanceof Error ? error.message : String(error);
  // Paths come from the user, not from DuckDB: a folder named `encrypted` says nothing about the file.
  const words = files.reduce((text, f) => text.replaceAll(f.realPath, ''), cause);
  const named = files.find((f) => cause.includes(f.realPath)) ?? (files.length === 1 ? files[0] : undefined);
  const place = named === undefined ? {} : { path: named.path };
  const unreadable = unreadableColumnOf(cause);
  const reason = unreadable && unreadableMessage(unreadable);
  if (unreadable && reason)
    return fail('unsupported', reason, {
      place: { ...place, column: unreadable.name },
      cause,
      advice: message('Choose other columns.'),
    });
  if (isMilliseconds(cause)) {
    const columns = await uncheckedMilliseconds(files);
    return fail(
      'unsupported',
      message('A timestamp in milliseconds is out of range, in column {0}', columns.join(', ')),
      {
        place,
        cause,
        advice: message('Choose other columns.'),
      },
    );
  }
  const meaning = meanings.find(([pattern]) => pattern.test(words))?.[1](place, cause);
  if (
    meaning?.failure.code === 'corrupt' &&
    named !== undefined &&
    (await isEncryptedUnderPlaintextFooter(named.realPath, named.bytes).catch(() => false))
  )
    return encrypted(place, cause);
  if (meaning) return meaning;
  if (aboutInput.test(cause) && files.some(isReadInPlace)) return damaged(place, cause);
  return fail('internal', message('The engine could not answer: {0}', reasonOf(cause)), { place, cause });
}

function isReadInPlace({ path }: SourceFile): boolean {
  const named = formatOfName(path);
  return named !== null && traitsOf(named.format).isReadInPlace;
}

/**
 * The failure of the first file that is missing or has changed since it was opened; null if all files are unchanged.
 */
export async function changedFile(files: readonly SourceFile[]): Promise<FailureError | null> {
  const failures = await Promise.all(files.map(changeOf));
  return failures.find((f) => f !== null) ?? null;
}

async function changeOf(file: SourceFile): Promise<FailureError | null> {
  try {
    const now = await stat(file.realPath);
    if (now.size === file.bytes && now.mtimeMs === file.modified) return null;
    return fail('changed', message('The file has changed since it was opened'), {
      place: { path: file.path },
      advice: message('Reload it to see the current file.'),
    });
  } catch (error) {
    return fileFailure(error, file.path);
  }
}

function diskFull(_place: { path?: string }, cause: string): FailureError {
  return fail('disk-full', message('There is no space left on the disk'), {
    cause,
    advice: message('Free some space, then try again.'),
  });
}

function encrypted(place: { path?: string }, cause: string): FailureError {
  return fail('encrypted', message('The Parquet file is encrypted, and there is no key'), {
    place,
    cause,
    advice: message('Decrypt the file first. Encrypted files cannot be read.'),
  });
}

function damaged(place: { path?: string }, cause: string): FailureError {
  return fail('corrupt', message('The file is damaged: {0}', reasonOf(cause)), {
    place,
    cause,
    advice: message('Copy or write the file again. Other parts of the file may still be readable.'),
  });
}

/** The reason in a DuckDB error, without the error class and without the path. `cause` keeps both. */
export function reasonOf(text: string): string {
  const line = (text.split('\n', 1)[0] ?? text).replace(
    /^(?:[A-Z][\w/-]*(?: [a-z]\w*| [A-Z]\w*)* (?:Error|exception): )+/,
    '',
  );
  return line.replace(/^Failed to read (?:Parquet )?file ['"].*?['"]: /, '').slice(0, 300);
}
