import { fail } from '../message/failure.ts';
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
 * The id that a text names: an equal id, or the id of the only item or user with this title, in any case. A text that is
 * neither is an id that the data do not have.
 * @throws FailureError `bad-filter` if several have the title; the advice lists their ids
 */
export function idOfText(text: string, found: readonly NamedId[], what: 'items' | 'users'): string {
  if (text === '' || found.some(({ id }) => id === text)) return text;
  const ids = found.flatMap(({ id, title }) => (isTitle(title, text) ? [id] : []));
  const count = ids.length < COMPARED ? String(ids.length) : `${COMPARED}+`;
  if (ids.length > 1)
    throw fail(
      'bad-filter',
      what === 'items'
        ? message('{0} items have the title {1}', count, text)
        : message('{0} users have the name {1}', count, text),
      { advice: message('Enter one of their ids: {0}', ids.slice(0, NAMED).join(', ')) },
    );
  return ids[0] ?? text;
}

/** Whether a text names the title, in any case. */
export function isTitle(title: string | null, text: string): boolean {
  return title?.trim().toLowerCase() === text.toLowerCase();
}
