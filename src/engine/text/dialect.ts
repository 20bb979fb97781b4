import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Notice } from '../../core/table/dataset.ts';
import { wrongName } from '../files/wrongName.ts';
import { foldName } from '../sql/foldName.ts';
import { CsvScanner, csvFields } from './csvScanner.ts';

/** Format details of a delimited text. */
export interface Dialect {
  readonly delimiter: string;
  readonly header: boolean;
  readonly newline: string;
  /** Number of fields in most records. */
  readonly width: number;
  readonly names: readonly string[];
  /** Length of a byte order mark to skip, in bytes. */
  readonly skip: number;
}

const SAMPLE_RECORDS = 200;

/**
 * Detects the dialect from the first bytes of a file. `final`: the bytes are the whole file. `delimiters`: possible
 * ones, the most likely first.
 */
export function detectDialect(head: Buffer, final: boolean, delimiters: readonly string[], path: string): Dialect {
  const skip = byteOrderMark(head, path);
  const bytes = head.subarray(skip);
  refuseCarriageReturns(bytes, path);
  refuseJson(bytes, path);
  let best = { delimiter: delimiters[0] ?? ',', records: [] as (string | null)[][], score: -1 };
  for (const delimiter of delimiters) {
    const records = sampleRecords(bytes, delimiter, final);
    const width = mode(records.map((r) => r.length));
    const agreeing = records.filter((r) => r.length === width).length;
    const score = width < 2 ? 0 : agreeing / records.length;
    if (score > best.score + (delimiter === ',' ? 0 : 0.1)) best = { delimiter, records, score };
  }
  const { delimiter, records } = best;
  const first = records[0] ?? [];
  const width = Math.max(first.length, mode(records.slice(1).map((r) => r.length)));
  const header = looksLikeHeader(first);
  const names = Array.from({ length: width }, (_, k) => (header ? (first[k] ?? '') : '') || `column${k}`);
  return { delimiter, header, newline: bytes.includes('\r\n') ? '\r\n' : '\n', width, names: names, skip };
}

/**
 * Length of a UTF-8 byte order mark, in bytes.
 * @throws FailureError `unsupported` for UTF-16 and UTF-32, `wrong-format` for content that is not text
 */
export function byteOrderMark(head: Buffer, path: string): number {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 3;
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw utf16(path);
  }
  const first = head.subarray(0, 4096);
  let [even, odd] = [0, 0];
  for (let k = first.indexOf(0); k >= 0; k = first.indexOf(0, k + 1)) {
    if (k % 2 === 0) even++;
    else odd++;
  }
  // A text may contain some NUL bytes. If every other byte is NUL, it is Latin text in UTF-16 without a mark.
  if (even + odd > first.length / 4) throw even === 0 || odd === 0 ? utf16(path) : wrongName(path, 'binary data');
  return 0;
}

function utf16(path: string): Error {
  return fail('unsupported', message('The text is encoded as UTF-16, but only UTF-8 can be read'), {
    place: { path, byte: 0 },
    advice: message('Save the file as UTF-8.'),
  });
}

/** Old Macintosh line endings would make the whole file one record: its header. */
function refuseCarriageReturns(bytes: Buffer, path: string): void {
  if (bytes.includes(0x0a) || !bytes.includes(0x0d)) return;
  if (
    !bytes
      .toString('latin1')
      .replace(/"(?:[^"]|"")*"/g, '')
      .includes('\r')
  )
    return;
  throw fail('unsupported', message('The lines end with a carriage return (CR) only'), {
    place: { path, byte: bytes.indexOf(0x0d) },
    advice: message('Save the file with LF or CRLF line endings.'),
  });
}

/** JSON Lines would be accepted as a table with one column or with ragged rows. */
function refuseJson(bytes: Buffer, path: string): void {
  if (bytes[0] !== 0x7b) return;
  const end = bytes.indexOf(0x0a);
  try {
    JSON.parse(bytes.toString('utf8', 0, end < 0 ? bytes.length : end));
  } catch {
    return;
  }
  throw wrongName(path, 'JSON');
}

function sampleRecords(bytes: Buffer, delimiter: string, final: boolean): (string | null)[][] {
  const code = delimiter.charCodeAt(0);
  const scanner = new CsvScanner(bytes, code);
  const records: (string | null)[][] = [];
  // Unless `final` is set, the last record may be cut off. It is then used only if it is the only record.
  while (
    records.length < SAMPLE_RECORDS &&
    (scanner.advance(final) || (scanner.next < bytes.length && scanner.advance(true, true)))
  ) {
    if (scanner.end > scanner.start)
      records.push(csvFields(bytes.subarray(scanner.start, Math.min(scanner.end, scanner.start + (1 << 20))), code));
  }
  return records;
}

/** A header names columns. No field is a number or a date, and at most one is empty (an index without a name). */
function looksLikeHeader(first: readonly (string | null)[]): boolean {
  const texts = first.filter((f): f is string => f !== null);
  if (texts.length === 0) return false;
  return !texts.some(
    (t) => /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(t) || /^\d{4}-\d\d-\d\d/.test(t) || /^(true|false)$/i.test(t),
  );
}

function mode(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const n of numbers) counts.set(n, (counts.get(n) ?? 0) + 1);
  return [...counts].reduce((best, c) => (c[1] > best[1] ? c : best), [0, 0])[0];
}

/** Makes names unique: `a`, `a_1`. Names that differ only in case keep them. `renamed`: the changed names. */
export function uniqueNames(names: readonly string[]): { names: string[]; renamed: string[] } {
  const bases = names.map((name) => name.replaceAll('\0', '\u2400'));
  const taken = new Set(bases.map(foldName));
  const seen = new Set<string>();
  // The number at which the search for a free name continues. Starting at 1 each time would take quadratic time for
  // equal names.
  const reached = new Map<string, number>();
  const renamed: string[] = [];
  const unique = bases.map((base, k) => {
    let candidate = base;
    if (seen.has(base)) {
      let number = reached.get(base) ?? 1;
      while (taken.has(foldName(`${base}_${number}`))) number++;
      candidate = `${base}_${number}`;
      reached.set(base, number + 1);
      taken.add(foldName(candidate));
    }
    if (candidate !== names[k]) renamed.push(candidate);
    seen.add(base);
    return candidate;
  });
  return { names: unique, renamed };
}

/** Reports columns that have another name because theirs occurs more than once. */
export function repeatedNotices(renamed: Iterable<string>): Notice[] {
  return [...renamed].map((name) => ({
    severity: 'info',
    code: 'types-differ',
    message: message('A column name occurs more than once. The later column is shown as {0}', name),
  }));
}
