import { localeOfTag, type Locale } from '../core/message/translator.ts';

/** The language that the environment asks for, as POSIX orders it: LC_ALL, then LC_MESSAGES, then LANG; the first that is set. */
export function localeOf(environment: Readonly<Record<string, string | undefined>>): Locale {
  return localeOfTag(environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '');
}
