import { localeOfTag, type Locale } from '../core/message/translator.ts';

/** The language from the environment, in POSIX order: the first that is set of LC_ALL, LC_MESSAGES, LANG. */
export function localeOf(environment: Readonly<Record<string, string | undefined>>): Locale {
  return localeOfTag(environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '');
}
