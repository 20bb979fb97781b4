/** Characters at the start of a cell that may begin a formula in a spreadsheet, including their full-width forms. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;
/** A signed number, which every spreadsheet reads as a value, not a formula. */
const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** `isFormula` for engines of regular expressions without state: a text that matches `formula` and not `number`. */
export const formulaPatterns = { formula: formula.source, number: number.source } as const;

/** True for a text that a spreadsheet may run as a formula when it is pasted or opened. */
export function isFormula(text: string): boolean {
  return formula.test(text) && !number.test(text);
}

/** A text for the clipboard. A formula gets a leading apostrophe, so that a spreadsheet shows it as text. */
export function guardedText(text: string): string {
  return isFormula(text) ? `'${text}` : text;
}

/**
 * A field of delimited text for spreadsheets, RFC 4180: quoted if it contains the delimiter, a quote or a line break. A
 * formula gets a leading apostrophe, so that the spreadsheet shows it as text.
 */
export function spreadsheetField(text: string, delimiter: ',' | '\t'): string {
  const guarded = guardedText(text);
  return /["\r\n]/.test(guarded) || guarded.includes(delimiter) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
