import { isUtf8 } from 'node:buffer';
import { fail } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { Notice } from '../../core/table/dataset.ts';
import type { Block } from './blocks.ts';
import { csvLine } from './csvText.ts';
import { byteOrderMark } from './dialect.ts';
import { candidatesOfKind, type Candidate } from './infer.ts';
import { JsonArrays } from './jsonArrays.ts';
import { jsonMembers, loneSurrogate, type JsonKind } from './jsonScanner.ts';
import { ColumnList, MAX_COLUMNS, type Part } from './part.ts';
import type { BlockReader, TextReader } from './reader.ts';
import type { Tally } from './tally.ts';

const LF = 0x0a;
const HEAD_ROWS = 2000;
/** A step ends after this many cells. More than the maximum number of columns, so every step has rows. */
const MAX_CELLS = 8_000_000;

/** JSON Lines: one object per line. Its members are the columns, in order of first appearance. */
export class JsonlReader implements TextReader {
  readonly #columns = new ColumnList();
  readonly #kinds: Set<JsonKind>[] = [];
  readonly #arrays: JsonArrays[] = [];
  /** A key that occurs more than once in the last line read. */
  repeated: string | null = null;
  /** A value of the last line read has half of a surrogate pair, which no UTF-8 text can have. */
  hasSurrogate = false;
  /** For each column: the number of the last line with a value for it. */
  readonly #filled: number[] = [];
  #lines = 0;
  #bom = false;
  #crlf = false;

  constructor(private readonly tally: Tally) {}

  get names(): readonly string[] {
    return this.#columns.names;
  }

  begin(path: string, head: Buffer, final: boolean): { reader: BlockReader; rows: (string | null)[][] } {
    const skip = byteOrderMark(head, path);
    this.#bom ||= skip > 0;
    this.#crlf ||= head.includes('\r\n');
    const rows: (string | null)[][] = [];
    let at = skip;
    let number = 0;
    while (at < head.length && rows.length < HEAD_ROWS) {
      const lf = head.indexOf(LF, at);
      if (lf < 0 && !final) break;
      const line = head.toString('utf8', at, lf < 0 ? head.length : lf);
      at = lf < 0 ? head.length : lf + 1;
      number++;
      if (line.trim() !== '') rows.push(this.row(line, path, number) ?? []);
    }
    return { reader: new JsonlBlockReader(path, skip, this, this.tally), rows };
  }

  /**
   * Values of one line by column; null if the line is not an object. Cells of columns that are added later are missing.
   * `number`: of the line, from 1.
   */
  row(line: string, path: string, number: number): (string | null)[] | null {
    this.repeated = null;
    this.hasSurrogate = false;
    const members = jsonMembers(line);
    if (members === null) return null;
    this.#lines++;
    const row: (string | null)[] = [];
    for (const { key, kind, text, value } of members) {
      if (loneSurrogate.test(key)) throw unreadableKey(key, path, number);
      if (text !== null && loneSurrogate.test(text)) this.hasSurrogate = true;
      const index = this.#columns.add(key);
      if (index >= MAX_COLUMNS) {
        throw fail('unsupported', message('The lines have more than {0} different keys', MAX_COLUMNS), {
          place: { path },
          advice: message('Put the changing keys into one nested object.'),
        });
      }
      if (this.#filled[index] === this.#lines) this.repeated = key;
      this.#filled[index] = this.#lines;
      while (row.length < index) row.push(null);
      row[index] = text;
      if (kind !== 'null') (this.#kinds[index] ??= new Set()).add(kind);
      if (kind === 'nested') (this.#arrays[index] ??= new JsonArrays()).add(value, text ?? '');
    }
    return row;
  }

  candidates(index: number): readonly Candidate[] {
    const kinds = this.#kinds[index];
    // The column has no values so far, so it may become any type.
    if (kinds === undefined) return candidatesOfKind.text;
    const [only] = kinds;
    if (kinds.size > 1 || only === undefined || only === 'null') return [];
    if (only !== 'nested') return candidatesOfKind[only];
    const list = this.#arrays[index]?.candidate() ?? null;
    return list === null ? [] : [list];
  }

  isJson(index: number): boolean {
    const kinds = this.#kinds[index];
    return kinds?.size === 1 && kinds.has('nested');
  }

  notices(): Notice[] {
    const mixed = this.names.filter((_, k) => (this.#kinds[k]?.size ?? 0) > 1);
    return mixed.map((name) => ({
      severity: 'info',
      code: 'types-differ',
      message: message('Column {0} contains values of different types, so it is shown as text', name),
    }));
  }

  noColumns(): { readonly message: Message; readonly advice: Message } {
    return {
      message: message('No line of the file is a JSON object'),
      advice: message(
        'A JSON Lines file has one complete object on each line. Write the file again, or rename it to match its content.',
      ),
    };
  }

  facts(): ReturnType<TextReader['facts']> {
    return {
      delimiter: '',
      quote: '"',
      header: false,
      encoding: this.#bom ? 'UTF-8 (BOM)' : 'UTF-8',
      newline: this.#crlf ? 'CRLF' : 'LF',
    };
  }
}

function unreadableKey(key: string, path: string, line: number): Error {
  return fail(
    'unsupported',
    message('The text {0} contains half a character (an unpaired surrogate)', JSON.stringify(key)),
    {
      place: { path, line },
      advice: message('Write it with whole characters.'),
    },
  );
}

class JsonlBlockReader implements BlockReader {
  #line = 0;

  constructor(
    private readonly path: string,
    private skip: number,
    private readonly owner: JsonlReader,
    private readonly tally: Tally,
  ) {}

  convert({ bytes, final, stepBytes }: Block): { part: Part; consumed: number } {
    const rows: (readonly (string | null)[])[] = [];
    let at = this.skip;
    const whole = isUtf8(bytes);
    // Every row gets a cell for every column, so short lines of a wide table grow.
    while (
      at < bytes.length &&
      at - this.skip < stepBytes &&
      (rows.length + 1) * this.owner.names.length <= MAX_CELLS
    ) {
      const lf = bytes.indexOf(LF, at);
      if (lf < 0 && !final) break;
      const end = lf < 0 ? bytes.length : lf;
      const record = bytes.subarray(at, end);
      this.#line++;
      at = end + 1;
      const line = record.toString('utf8');
      if (line.trim() === '') {
        this.tally.blank.add(this.#line);
        continue;
      }
      if (!whole && !isUtf8(record)) this.tally.utf8.add(this.#line);
      if (record.includes(0)) this.tally.nul.add(this.#line);
      const row = this.owner.row(line, this.path, this.#line);
      if (this.owner.hasSurrogate) this.tally.surrogates.add(this.#line);
      if (row === null) this.tally.addBad(this.path, this.#line, () => line, message('The line is not a JSON object'));
      else if (this.owner.repeated !== null)
        this.tally.addBad(
          this.path,
          this.#line,
          () => line,
          message('The key {0} is given more than once; its last value is shown', this.owner.repeated),
        );
      rows.push(row ?? []);
    }
    const consumed = Math.min(at, bytes.length);
    if (consumed > this.skip) this.skip = 0;
    // Keys that appear later in the block are NULL before. Every line gets all columns that are known at this point.
    const width = Math.max(1, this.owner.names.length);
    let longest = 0;
    const slices = rows.map((row) => {
      const slice = Buffer.from(
        csvLine(
          Array.from({ length: width }, (_, k) => row[k] ?? null),
          ',',
        ),
      );
      longest = Math.max(longest, slice.length);
      return slice;
    });
    return {
      part: {
        slices,
        records: rows.length,
        longest,
        delimiter: ',',
        newline: 'LF',
        columns: Array.from({ length: this.owner.names.length }, (_, k) => k),
      },
      consumed: at <= this.skip ? 0 : consumed,
    };
  }
}
