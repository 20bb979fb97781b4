import { refuse, type FailureError, type Place } from '../message/failure.ts';
import { message } from '../message/message.ts';

/** Separates the parts of a key; ids must not contain it. */
export const keySeparator = '\u001f';

/**
 * Joins the canonical texts of a group's key; null becomes empty. @throws FailureError if a part contains the
 * separator, because two groups could then have the same key
 */
export function joinKey(parts: readonly (string | null)[]): string {
  const wrong = parts.find((part): part is string => part?.includes(keySeparator) === true);
  if (wrong !== undefined) throw separatorFailure(wrong);
  return parts.map((part) => part ?? '').join(keySeparator);
}

/** The failure for an id that contains the separator; `place`: the file that contains it, if known. */
export function separatorFailure(id: string, place?: Place): FailureError {
  return refuse(
    'id-separator',
    message('The id {0} contains U+001F, which separates the parts of a key', JSON.stringify(id)),
    { code: 'unsupported', place, advice: message('Write the ids without this character.') },
  );
}
