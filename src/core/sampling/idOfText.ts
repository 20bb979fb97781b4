import { fail, type FailureError } from '../message/failure.ts';
import { message } from '../message/message.ts';

/** Most ids that a failure names. */
const NAMED = 5;

/** Most users or items that are compared with a text. */
export const COMPARED = 1000;

/** An item or user that a text may name. `title`: null if it has none. */
export interface NamedId {
  readonly id: string;
  readonly title: string | null;
}

/**
 * The id that a text names: an equal id, or the id of the only item or user with this title, or else with this text in
 * its title, in any case; a number is no part of a title. A text that is none of them is an id that the data do not
 * have.
 * @throws FailureError `bad-filter` if several have the title; the advice lists their ids
 */
export function idOfText(text: string, found: readonly NamedId[], what: 'items' | 'users'): string {
  if (text === '' || found.some(({ id }) => id === text)) return text;
  const whole = found.filter(({ title }) => isTitle(title, text));
  // A number is an id that the data do not have, not a part of many titles.
  const isPart = !/^-?\d+$/.test(text);
  const matches = whole.length > 0 || !isPart ? whole : found.filter(({ title }) => isInTitle(title, text));
  if (matches.length > 1) throw ambiguous(text, matches, whole.length > 0, what);
  return matches[0]?.id ?? text;
}

/**
 * The id of the user that a text names, as `idOfText`.
 * @param matches users with this id or name, or else with this text in one of them; at most `COMPARED`
 */
export async function userOfText(
  text: string,
  matches: (kind: 'named' | 'search') => Promise<readonly { readonly user: string; readonly title?: string | null }[]>,
): Promise<string> {
  const named = await matches('named');
  const found = named.length > 0 ? named : await matches('search');
  return idOfText(
    text,
    found.map(({ user, title = null }) => ({ id: user, title })),
    'users',
  );
}

function ambiguous(text: string, matches: readonly NamedId[], isWhole: boolean, what: 'items' | 'users'): FailureError {
  const count = matches.length < COMPARED ? String(matches.length) : `${COMPARED}+`;
  if (!isWhole) {
    const titles = matches.slice(0, NAMED).map(({ id, title }) => `${id} (${title?.trim() ?? ''})`);
    return fail(
      'bad-filter',
      what === 'items'
        ? message('{0} items have {1} in their title', count, text)
        : message('{0} users have {1} in their name', count, text),
      { advice: message('Enter more of it, or one of the ids: {0}', titles.join(', ')) },
    );
  }
  return fail(
    'bad-filter',
    what === 'items'
      ? message('{0} items have the title {1}', count, text)
      : message('{0} users have the name {1}', count, text),
    {
      advice: message(
        'Enter one of their ids: {0}',
        matches
          .slice(0, NAMED)
          .map(({ id }) => id)
          .join(', '),
      ),
    },
  );
}

const isInTitle = (title: string | null, text: string): boolean =>
  title?.toLowerCase().includes(text.toLowerCase()) === true;

/** True if a text names the title, in any case. */
export function isTitle(title: string | null, text: string): boolean {
  return title?.trim().toLowerCase() === text.toLowerCase();
}
