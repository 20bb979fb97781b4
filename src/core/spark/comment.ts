/** A comment of SQL. A backslash before the line break would make the next line a part of the comment. */
export const commentLine = (text: string): string => `-- ${oneLine(text)}`.trimEnd().replace(/\\$/, '$& .');

/**
 * A line break in a name of the data would end the comment, and what follows would run. Those before the first
 * statement are a part of it, in which Spark still replaces variables.
 */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029;]|\$(?=\{)/g, ' ');
}
