const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/**
 * Finds the records of delimited text (RFC 4180) in a buffer without copying it. Violations are read literally and
 * marked `odd`: a quote inside an unquoted field, text after a closing quote, a lone carriage return.
 */
export class CsvScanner {
  /** Last record found: its first byte, its end without the line break, and the start of the next record. */
  start = 0;
  end = 0;
  next = 0;
  fields = 0;
  odd = false;
  /** Number of line breaks in the record, including the one at its end. */
  lines = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly delimiter: number,
  ) {}

  /**
   * Finds the record that starts at `next`. False if the buffer ends before the record. With `final`, this happens only
   * after the last record, or at a quote that is never closed (then `open` is true).
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

  /** True if `advance` failed at a quote that the buffer does not close. */
  open = false;

  /**
   * The first line feed at or after `from`, which only increases. It is cached, otherwise a line with many quotes would
   * be searched once per quote.
   */
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

/** The fields of one record as text; null for an empty unquoted field. Invalid UTF-8 becomes U+FFFD. */
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
