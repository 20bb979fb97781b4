import { fail } from '../../core/report/failure.ts';
import { message } from '../../core/report/message.ts';
import { GlobMatcher } from './globMatcher.ts';

/** True where a path has to be expanded, not opened. */
export function hasGlob(path: string): boolean {
  return /[*?[\]{}]/.test(path);
}

/**
 * Matcher of a glob with absolute root over whole paths with `/`. `**` spans folders, `*` and `?` stay within a name, `[a-z]` and `[!a-z]`
 * are classes, `{a,b}` are alternatives. `path`: under which a failure names the pattern.
 * @throws FailureError for a pattern that is not valid
 */
export function globMatcher(pattern: string, path = pattern): GlobMatcher {
  try {
    return new GlobMatcher(pattern);
  } catch (error) {
    throw fail('bad-request', message('The pattern is not valid'), {
      place: { path },
      advice: message('Check its brackets: ranges go upwards, as in [a-z].'),
      cause: String(error),
    });
  }
}

/** The folder above the first name with a wildcard: where a walk has to start. */
export function globRoot(pattern: string): string {
  const names = pattern.split('/');
  const first = names.findIndex(hasGlob);
  return names.slice(0, first < 0 ? names.length : first).join('/') || '/';
}
