import { fail, type FailureError } from '../message/failure.ts';
import { message } from '../message/message.ts';
import { printable } from '../message/printable.ts';
import { typeName, type LogicalType } from '../table/type.ts';

/** The failure for a column whose type the script cannot read exactly. */
export function refuseType(path: string, column: string, type: LogicalType): FailureError {
  return fail('unsupported', message('A Spark job cannot read column {0}: its type is {1}', column, typeName(type)), {
    place: { path, column },
    advice: message('Write the column again as an integer, a string, a double or a timestamp with microseconds.'),
  });
}

/** The failure for a condition of `where` or of an event on a column whose values the script does not compare. */
export function refuseCondition(path: string, column: string, type: LogicalType): FailureError {
  return fail(
    'unsupported',
    message('A Spark job cannot compare column {0}: its type is {1}', column, typeName(type)),
    {
      place: { path, column },
      advice: message('Use a column of numbers, texts or booleans in the condition, or filter the files before.'),
    },
  );
}

/** How Spark reads a text of the data: as a quoted name, or as a quoted path. */
const unsafe = {
  name: /^$|['"`\\;$\u0000-\u001f\u007f]|--|\/\*|\*\//,
  // A backslash makes a character of a pattern one of a name.
  path: /[';$\u0000-\u001f\u007f]/,
} as const;

/**
 * Refuses names and paths with characters that `spark-sql -f` does not leave alone: it splits statements at semicolons
 * even inside quoted names, and replaces variables everywhere.
 */
export function refuseUnsafe(
  what: string,
  place: { readonly path: string; readonly column?: string },
  kind: keyof typeof unsafe = 'name',
): void {
  if (!unsafe[kind].test(what)) return;
  throw fail(
    'unsupported',
    message('A Spark job cannot name {0}: spark-sql would read its characters as syntax', printable(what)),
    {
      place,
      advice: message('Rename it without quotes, backslashes, dollars, semicolons and the beginnings of comments.'),
    },
  );
}
