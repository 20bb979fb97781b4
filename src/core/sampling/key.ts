import { fail, type FailureError, type Place } from '../report/failure.ts';
import { message } from '../report/message.ts';

/** Between the parts of a key; no id may hold it. */
export const keySeparator = '\u001f';

/**
 * The key of a group from its parts as canonical texts; null is empty. @throws FailureError where a part holds the
 * separator: two groups could have one key.
 */
export function joinKey(parts: readonly (string | null)[]): string {
  const wrong = parts.find((part): part is string => part?.includes(keySeparator) === true);
  if (wrong !== undefined) throw separatorFailure(wrong);
  return parts.map((part) => part ?? '').join(keySeparator);
}

/** The refusal of an id that holds the separator; `place`: the file that has it, where that is known. */
export function separatorFailure(id: string, place?: Place): FailureError {
  return fail(
    'unsupported',
    message('The id {0} holds U+001F, which separates the parts of keys', JSON.stringify(id)),
    { ...(place ? { place } : {}), advice: message('Write the ids again without it.') },
  );
}
