import type { BadRow, Notice } from '../../core/table/dataset.ts';
import { message, type Message } from '../../core/message/message.ts';

/** Bad rows that are listed with their text. All bad rows are counted. */
const MAX_LISTED = 10_000;
const MAX_LISTED_CHARACTERS = 16_000_000;
const FIRST_LINES = 5;

class Lines {
  total = 0;
  readonly first: number[] = [];
  add(line: number): void {
    this.total++;
    if (this.first.length < FIRST_LINES) this.first.push(line);
  }
  get text(): string {
    return this.first.join(', ') + (this.total > this.first.length ? ', …' : '');
  }
}

/** Counts what a reader had to repair or keep unchanged, with the first lines of each. */
export class Tally {
  readonly bad = new Lines();
  readonly nul = new Lines();
  readonly utf8 = new Lines();
  readonly surrogates = new Lines();
  readonly blank = new Lines();
  readonly list: BadRow[] = [];
  #characters = 0;

  addBad(path: string, line: number, text: () => string, reason: Message): void {
    this.bad.add(line);
    if (this.list.length >= MAX_LISTED || this.#characters > MAX_LISTED_CHARACTERS) return;
    const row = { path, line, text: text(), reason };
    this.#characters += row.text.length;
    this.list.push(row);
  }

  notices(): Notice[] {
    const notices: Notice[] = [];
    const { bad, nul, utf8, surrogates, blank } = this;
    if (bad.total > 0)
      notices.push({
        severity: 'warning',
        code: 'bad-rows',
        message:
          bad.total === 1
            ? message(
                "1 bad row (line {0}). The table shows only the values that fit; the inspector's tab File shows the whole row",
                bad.text,
              )
            : message(
                "{0} bad rows (lines {1}). The table shows only the values that fit; the inspector's tab File shows the whole rows",
                bad.total,
                bad.text,
              ),
      });
    if (utf8.total > 0)
      notices.push({
        severity: 'warning',
        code: 'invalid-utf8',
        message: message(
          '{0} rows contain bytes that are not UTF-8 (lines {1}); each such byte is shown as {2}',
          utf8.total,
          utf8.text,
          '\ufffd',
        ),
      });
    if (surrogates.total > 0)
      notices.push({
        severity: 'warning',
        code: 'invalid-utf8',
        message: message(
          '{0} rows contain half a character, such as {3} (lines {1}); each is shown as {2}',
          surrogates.total,
          surrogates.text,
          '\ufffd',
          '\\ud83d',
        ),
      });
    if (nul.total > 0)
      notices.push({
        severity: 'warning',
        code: 'nul-bytes',
        message: message('{0} rows contain NUL bytes (lines {1}); the bytes are kept', nul.total, nul.text),
      });
    if (blank.total > 0)
      notices.push({
        severity: 'info',
        code: 'skipped-files',
        message: message('{0} blank lines are not shown as rows (lines {1})', blank.total, blank.text),
      });
    return notices;
  }
}
