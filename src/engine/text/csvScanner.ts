const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Finds the records of delimited text (RFC 4180) in a buffer without copying it. What RFC 4180 does not allow (a quote inside of a bare
 * field, text after a closing quote, a lone carriage return) is read literally and marked `odd`.
 */
export class CsvScanner {
  /** Of the record found last: first byte, end without its line break, start of the next record. */
  start = 0;
  end = 0;
  next = 0;
  fields = 0;
  odd = false;
  /** Line breaks that the record spans, its own included. */
  lines = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly delimiter: number,
  ) {}

  /**
   * Finds the record that starts at `next`. False where the buffer ends before the record does: with `final` that is only after the
   * last record, or at a quote that is never closed (then `open` is true).
   */
  advance(final: boolean, literalQuotes = false): boolean {
    const { bytes, delimiter } = this;
    const length = bytes.length;
    let i = this.next;
    this.open = false;
    if (i >= length) return false;
    this.start = i;
    this.fields = 1;
    this.odd = literalQuotes;
    this.lines = 1;
    let atStart = true;
    while (i < length) {
      let b = bytes[i];
      if (atStart && b === QUOTE && !literalQuotes) {
        const closing = this.#closing(i + 1, final);
        if (closing < 0) return false;
        i = closing + 1;
        atStart = false;
        if (i >= length) break;
        b = bytes[i];
        if (b !== delimiter && b !== LF && b !== CR) this.odd = true;
        continue;
      }
      if (b === delimiter) {
        this.fields++;
        atStart = true;
      } else if (b === LF) {
        this.end = i;
        this.next = i + 1;
        return true;
      } else if (b === CR) {
        if (i + 1 >= length && !final) return false;
        if (bytes[i + 1] === LF) {
          this.end = i;
          this.next = i + 2;
          return true;
        }
        this.odd = true;
        atStart = false;
      } else {
        if (b === QUOTE) this.odd = true;
        atStart = false;
      }
      i++;
    }
    if (!final) return false;
    this.end = length;
    this.next = length;
    return true;
  }

  /** True after `advance` failed at a quote that the buffer does not close. */
  open = false;

  /** The first line feed from `from` on, which only grows. It is kept: a line of many quotes would be searched once for each. */
  #nextLine = -1;

  #lineBreak(from: number): number {
    if (this.#nextLine < from) {
      const found = this.bytes.indexOf(LF, from);
      this.#nextLine = found < 0 ? Infinity : found;
    }
    return this.#nextLine;
  }

  #closing(from: number, final: boolean): number {
    const { bytes } = this;
    let i = from;
    for (;;) {
      const quote = bytes.indexOf(QUOTE, i);
      if (quote < 0) {
        this.open = true;
        return -1;
      }
      for (; this.#lineBreak(i) < quote; i = this.#nextLine + 1) this.lines++;
      if (quote + 1 >= bytes.length && !final) return -1;
      if (bytes[quote + 1] !== QUOTE) return quote;
      i = quote + 2;
    }
  }
}

/** The fields of one record as text; null for an empty bare field. Bytes that are no UTF-8 become U+FFFD. */
export function csvFields(record: Buffer, delimiter: number, literalQuotes = false): (string | null)[] {
  const fields: (string | null)[] = [];
  let i = 0;
  for (;;) {
    let text = '';
    let quoted = false;
    if (record[i] === QUOTE && !literalQuotes) {
      quoted = true;
      i++;
      for (;;) {
        const quote = record.indexOf(QUOTE, i);
        text += record.toString('utf8', i, quote < 0 ? record.length : quote);
        i = quote < 0 ? record.length : quote + 1;
        if (quote < 0 || record[i] !== QUOTE) break;
        text += '"';
        i++;
      }
    }
    const end = record.indexOf(delimiter, i);
    text += record.toString('utf8', i, end < 0 ? record.length : end);
    fields.push(text === '' && !quoted ? null : text);
    if (end < 0) return fields;
    i = end + 1;
  }
}
