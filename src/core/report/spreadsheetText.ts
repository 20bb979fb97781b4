/** What a spreadsheet may run as a formula: these characters at the start of a cell, in their full-width forms too. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;
/** A signed number is a value in every spreadsheet. */
const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** True for a text that a spreadsheet may run as a formula once it is pasted or opened. */
export function isFormula(text: string): boolean {
  return formula.test(text) && !number.test(text);
}

/**
 * A field of delimited text for spreadsheets, RFC 4180: quoted where the delimiter, a quote or a line break is inside.
 * A formula gets an apostrophe in front, so that the spreadsheet shows it as text.
 */
export function spreadsheetField(text: string, delimiter: ',' | '\t'): string {
  const guarded = isFormula(text) ? `'${text}` : text;
  return /["\r\n]/.test(guarded) || guarded.includes(delimiter) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
