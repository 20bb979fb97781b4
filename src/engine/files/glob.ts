import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { GlobMatcher } from '../../core/data/globMatcher.ts';

/** True if a path is a pattern to expand, not a file to open. */
export function hasGlob(path: string): boolean {
  return /[*?[\]{}]/.test(path);
}

/**
 * Matcher of a glob with an absolute root, for whole paths with `/`. `**` spans folders, `*` and `?` stay within a
 * name, `[a-z]` and `[!a-z]` are classes, `{a,b}` are alternatives. `path`: the path that a failure reports.
 * @throws FailureError for an invalid pattern
 */
export function globMatcher(pattern: string, path = pattern): GlobMatcher {
  try {
    return new GlobMatcher(pattern);
  } catch (error) {
    throw fail('bad-request', message('The pattern is not valid'), {
      place: { path },
      advice: message('Check its brackets. A range must be ascending, as in [a-z].'),
      cause: String(error),
    });
  }
}

/** The folder above the first name with a wildcard, where a walk starts. */
export function globRoot(pattern: string): string {
  const names = pattern.split('/');
  const first = names.findIndex(hasGlob);
  return names.slice(0, first < 0 ? names.length : first).join('/') || '/';
}
