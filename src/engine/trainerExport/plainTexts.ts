import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { printableId } from '../../core/message/printable.ts';
import type { Work } from '../database/connections.ts';
import type { Tables } from '../tables/tables.ts';
import { quoteLiteral } from '../sql/quote.ts';

/** Texts that are written to files without quotes, as SQL over a FROM item with an `id`. */
export interface Texts {
  readonly from: string;
  readonly id: string;
  readonly columns: readonly { readonly name: string; readonly sql: string }[];
  /** The file that contains them. */
  readonly path: string;
}

/** @throws FailureError if a text contains a separator of columns or rows */
export async function refuseSeparators(tables: Tables, { from, id, columns, path }: Texts, work: Work): Promise<void> {
  for (const { name, sql } of columns) {
    const [found] = await tables.rows(
      `SELECT ${id} FROM ${from} WHERE regexp_matches(${sql}, '[\\t\\r\\n]') ORDER BY 1 LIMIT 1`,
      work,
    );
    if (found !== undefined) {
      throw fail(
        'unsupported',
        message(
          '{0} of {1} contains a tab or a line break, which separate columns and rows in these files',
          name,
          printableId(String(found[0])),
        ),
        {
          place: { path, column: name },
          advice: message('Remove it from the data, or remove the column from attributes.'),
        },
      );
    }
  }
}

/**
 * Checks the values of lists. `lists`: SQL of lists of texts, by column name.
 * @throws FailureError if a value of a list contains the list separator
 */
export async function refuseInLists(
  tables: Tables,
  separator: string,
  lists: readonly { readonly name: string; readonly values: string }[],
  { from, id, path }: Omit<Texts, 'columns'>,
  work: Work,
): Promise<void> {
  for (const { name, values } of lists) {
    const [found] = await tables.rows(
      `SELECT ${id} FROM ${from} WHERE contains(array_to_string(${values}, ''), ${quoteLiteral(separator)}) ORDER BY 1 LIMIT 1`,
      work,
    );
    if (found !== undefined) {
      throw fail(
        'unsupported',
        message(
          'A value of {0} of {1} contains {2}, which separates the values of a list in these files',
          name,
          printableId(String(found[0])),
          JSON.stringify(separator),
        ),
        {
          place: { path, column: name },
          advice: message('Remove it from the data, or remove the column from attributes.'),
        },
      );
    }
  }
}

/** @throws FailureError if a column name is not valid in a header */
export function refuseNames(names: readonly string[], path: string): void {
  const wrong = names.find((name) => /[:\s]/.test(name));
  if (wrong !== undefined) {
    throw fail(
      'unsupported',
      message(
        'These files cannot have a column named {0}: the name contains a colon or white space',
        JSON.stringify(wrong),
      ),
      {
        place: { path, column: wrong },
        advice: message('Remove it from attributes, or rename it in the file.'),
      },
    );
  }
}

/**
 * The first separator that occurs in no text.
 * @param texts SQL of texts by their FROM items
 * @throws FailureError if all separators occur
 */
export async function freeSeparator(
  tables: Tables,
  candidates: readonly string[],
  texts: readonly { readonly from: string; readonly sql: readonly string[] }[],
  path: string,
  work: Work,
): Promise<string> {
  const taken = candidates.map(() => false);
  for (const { from, sql } of texts) {
    if (sql.length === 0) continue;
    const tests = candidates.map(
      (one) => `bool_or(${sql.map((text) => `coalesce(contains(${text}, ${quoteLiteral(one)}), false)`).join(' OR ')})`,
    );
    const [found = []] = await tables.rows(`SELECT ${tests.join(', ')} FROM ${from}`, work);
    found.forEach((value, k) => {
      if (value === true) taken[k] = true;
    });
  }
  const free = candidates.find((_, k) => taken[k] === false);
  if (free !== undefined) return free;
  throw fail(
    'unsupported',
    message('The attributes contain every character that could separate them: {0}', candidates.join(' ')),
    {
      place: { path },
      advice: message('Take a column out of attributes, or replace one of the characters in the data.'),
    },
  );
}
