import { isUtf8 } from 'node:buffer';
import { fail } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { Notice } from '../../core/table/dataset.ts';
import { MAX_RECORD_BYTES, type Block } from './blocks.ts';
import { CsvScanner, csvFields } from './csvScanner.ts';
import { csvLine } from './csvText.ts';
import { detectDialect, repeatedNotices, uniqueNames, type Dialect } from './dialect.ts';
import { candidatesOfKind, type Candidate } from './infer.ts';
import { ColumnList, MAX_COLUMNS, type Part } from './part.ts';
import type { BlockReader, TextReader } from './reader.ts';
import type { Tally } from './tally.ts';

const HEAD_ROWS = 2000;
/** A step ends after this many bytes of rewritten records. */
const MAX_REWRITTEN_BYTES = 8 << 20;
const LF = Buffer.from('\n');
const CRLF = Buffer.from('\r\n');

/** CSV and TSV. Well-formed records go to DuckDB unchanged. All others are rewritten, counted and listed. */
export class CsvReader implements TextReader {
  readonly #columns = new ColumnList();
  /** Columns that were renamed to make their names unique. */
  readonly #renamed: string[] = [];
  /** How the columns of later files differ from those of the first. */
  readonly #differences: Message[] = [];
  readonly #seen = new Set<string>();
  #firstPath = '';
  #firstNames: readonly string[] = [];
  #first: Dialect | null = null;

  /** @param delimiters possible ones, the most likely first */
  constructor(
    private readonly delimiters: readonly string[],
    private readonly tally: Tally,
  ) {}

  get names(): readonly string[] {
    return this.#columns.names;
  }

  begin(path: string, head: Buffer, final: boolean): { reader: BlockReader; rows: (string | null)[][] } {
    const dialect = detectDialect(head, final, this.delimiters, path);
    const { names, renamed } = uniqueNames(dialect.names);
    if (this.#first === null) {
      this.#first = dialect;
      this.#renamed.push(...renamed);
      this.#firstPath = path;
      this.#firstNames = names;
    } else if (!this.#seen.has(path)) this.#compare(path, names);
    this.#seen.add(path);
    const targets = names.map((name) => this.#columns.add(name));
    // The head may end inside the header, so their exact number is not known.
    if (this.#columns.names.length > MAX_COLUMNS) {
      throw fail('unsupported', message('The file has more than {0} columns', MAX_COLUMNS), {
        place: { path },
        advice: message('Put values that belong together into one column, or write the file as Parquet.'),
      });
    }
    const rows = headRows(head, final, dialect).map((fields) => {
      const row: (string | null)[] = this.#columns.names.map(() => null);
      targets.forEach((target, k) => (row[target] = fields[k] ?? null));
      return row;
    });
    return { reader: new CsvBlockReader(path, dialect, targets, this.tally), rows };
  }

  #compare(path: string, names: readonly string[]): void {
    const [first, own] = [new Set(this.#firstNames), new Set(names)];
    for (const name of this.#firstNames)
      if (!own.has(name))
        this.#differences.push(
          message('Column {0} is in {1} but not in {2}, where it is NULL', name, this.#firstPath, path),
        );
    for (const name of names)
      if (!first.has(name))
        this.#differences.push(
          message('Column {0} is in {1} but not in {2}, where it is NULL', name, path, this.#firstPath),
        );
  }

  candidates(): readonly Candidate[] {
    return candidatesOfKind.text;
  }

  isJson(): boolean {
    return false;
  }

  notices(): Notice[] {
    return [
      ...repeatedNotices(this.#renamed),
      ...this.#differences.map((text): Notice => ({ severity: 'warning', code: 'types-differ', message: text })),
    ];
  }

  noColumns(): null {
    return null;
  }

  facts(): ReturnType<TextReader['facts']> {
    const d = this.#first;
    return {
      delimiter: d?.delimiter ?? ',',
      quote: '"',
      header: d?.header ?? false,
      encoding: d?.skip === 3 ? 'UTF-8 (BOM)' : 'UTF-8',
      newline: d?.newline === '\r\n' ? 'CRLF' : 'LF',
    };
  }
}

function headRows(head: Buffer, final: boolean, dialect: Dialect): (string | null)[][] {
  const code = dialect.delimiter.charCodeAt(0);
  const scanner = new CsvScanner(head.subarray(dialect.skip), code);
  const rows: (string | null)[][] = [];
  let header = dialect.header;
  while (rows.length < HEAD_ROWS && scanner.advance(final)) {
    if (scanner.end === scanner.start && dialect.width > 1) continue;
    if (header) header = false;
    else rows.push(csvFields(head.subarray(dialect.skip + scanner.start, dialect.skip + scanner.end), code));
  }
  return rows;
}

class CsvBlockReader implements BlockReader {
  #line = 1;
  #header: boolean;
  #skip: number;

  constructor(
    private readonly path: string,
    private readonly dialect: Dialect,
    private readonly targets: readonly number[],
    private readonly tally: Tally,
  ) {
    this.#header = dialect.header;
    this.#skip = dialect.skip;
  }

  convert({ bytes, final, stepBytes }: Block): { part: Part; consumed: number } {
    const { delimiter, width } = this.dialect;
    const code = delimiter.charCodeAt(0);
    const scanner = new CsvScanner(bytes, code);
    scanner.next = this.#skip;
    const skipped = this.#skip;
    const slices: Buffer[] = [];
    let clean = scanner.next;
    let records = 0;
    let longest = 0;
    /** Bytes of rewritten records, because short records of a wide table grow. */
    let rewritten = 0;
    const newline = this.dialect.newline === '\r\n' && !bytes.includes(0x22) ? 'CRLF' : 'LF';
    const ending = newline === 'CRLF' ? 2 : 1;
    const whole = isUtf8(bytes) && !bytes.includes(0);
    const flush = (to: number): void => {
      if (to > clean) slices.push(bytes.subarray(clean, to));
    };
    while (scanner.next - skipped < stepBytes && rewritten < MAX_REWRITTEN_BYTES) {
      let literal = false;
      if (!scanner.advance(final)) {
        // A quote that is never closed would consume the rest of the file, so it is read as a plain character.
        const runaway = scanner.open && (final || bytes.length - scanner.next > MAX_RECORD_BYTES);
        if (!runaway || !scanner.advance(final, true)) break;
        literal = true;
      }
      const line = this.#line;
      this.#line += scanner.lines;
      const record = bytes.subarray(scanner.start, scanner.end);
      longest = Math.max(longest, record.length);
      if (this.#header) {
        this.#header = false;
        flush(scanner.start);
        clean = scanner.next;
        continue;
      }
      const blank = record.length === 0 && width > 1;
      const ragged = scanner.fields !== width;
      const dirty = !whole && this.#inspect(record, line);
      const sound = !blank && !ragged && !scanner.odd && !dirty;
      if (sound && scanner.next - scanner.end === ending) {
        records++;
        continue;
      }
      flush(scanner.start);
      clean = scanner.next;
      if (sound) {
        slices.push(record, newline === 'CRLF' ? CRLF : LF);
        records++;
        continue;
      }
      if (blank) {
        this.tally.blank.add(line);
        continue;
      }
      const fields = csvFields(record, code, literal);
      if (ragged || literal) this.#bad(record, line, fields.length, literal);
      const filled = Array.from({ length: width }, (_, k) => fields[k] ?? null);
      const slice = Buffer.from(csvLine(filled, delimiter, newline === 'CRLF' ? '\r\n' : '\n'));
      slices.push(slice);
      rewritten += slice.length;
      records++;
    }
    flush(scanner.next);
    const consumed = scanner.next;
    if (consumed > skipped) this.#skip = 0;
    return {
      part: { slices, records, longest, delimiter, newline, columns: this.targets },
      consumed: consumed === skipped && !final ? 0 : consumed,
    };
  }

  #inspect(record: Buffer, line: number): boolean {
    if (record.includes(0)) this.tally.nul.add(line);
    if (isUtf8(record)) return false;
    this.tally.utf8.add(line);
    return true;
  }

  #bad(record: Buffer, line: number, found: number, literal: boolean): void {
    const { width } = this.dialect;
    const reason = literal
      ? message('A quote is opened but never closed')
      : found === 1
        ? message('1 field instead of {0}', width)
        : message('{0} fields instead of {1}', found, width);
    this.tally.addBad(this.path, line, () => record.toString('utf8'), reason);
  }
}
