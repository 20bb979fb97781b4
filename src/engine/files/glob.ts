import { fail } from '../../core/report/failure.ts';
import { message } from '../../core/report/message.ts';

/** True where a path has to be expanded, not opened. */
export function hasGlob(path: string): boolean {
  return /[*?[\]{}]/.test(path);
}

/**
 * Compiles a glob with absolute root to an expression over whole paths with `/`. `**` spans folders, `*` and `?` stay within a name,
 * `[a-z]` and `[!a-z]` are classes, `{a,b}` are alternatives.
 */
function compileGlob(pattern: string): RegExp {
  let out = '';
  let depth = 0;
  for (let k = 0; k < pattern.length; k++) {
    const c = pattern[k] ?? '';
    if (c === '*' && pattern[k + 1] === '*') {
      k++;
      if (pattern[k + 1] === '/') {
        k++;
        out += '(?:[^/]+/)*';
      } else out += '.*';
    } else if (c === '*') out += '[^/]*';
    else if (c === '?') out += '[^/]';
    else if (c === '[') {
      const end = pattern.indexOf(']', k + 2);
      if (end < 0) out += '\\[';
      else {
        const body = pattern.slice(k + 1, end).replace(/\\/g, '\\\\').replace(/^!/, '^');
        out += `[${body}]`;
        k = end;
      }
    } else if (c === '{') {
      depth++;
      out += '(?:';
    } else if (c === '}' && depth > 0) {
      depth--;
      out += ')';
    } else if (c === ',' && depth > 0) out += '|';
    else out += c.replace(/[\\^$.|+()\]}]/g, '\\$&');
  }
  return new RegExp(`^${out}${')'.repeat(depth)}$`, 'u');
}

/** As `compileGlob`. `path`: under which a failure names it. @throws FailureError for a pattern that is not valid */
export function globExpression(pattern: string, path = pattern): RegExp {
  try {
    return compileGlob(pattern);
  } catch (error) {
    throw fail('bad-request', message('The pattern is not valid'), { place: { path }, advice: message('Check its brackets: ranges go upwards, as in [a-z].'), cause: String(error) });
  }
}

/** The folder above the first name with a wildcard: where a walk has to start. */
export function globRoot(pattern: string): string {
  const names = pattern.split('/');
  const first = names.findIndex(hasGlob);
  return names.slice(0, first < 0 ? names.length : first).join('/') || '/';
}
