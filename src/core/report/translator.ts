import chinese from '../../../l10n/bundle.l10n.zh-cn.json' with { type: 'json' };
import type { Translate } from './message.ts';

/** The languages that the product speaks. */
export type Locale = 'en' | 'zh-cn';

const translations: Readonly<Record<string, string>> = chinese;

/** Puts sentences into a language by the list that ships; for processes that VS Code gives no translations. */
export function translator(locale: Locale): Translate {
  return locale === 'en'
    ? (text) => text
    : (text) => (Object.hasOwn(translations, text) ? (translations[text] ?? text) : text);
}

/** The language to speak to someone who asks for `tag`, such as `zh-Hans` or `de`. */
export function localeOfTag(tag: string): Locale {
  return /^zh/i.test(tag) ? 'zh-cn' : 'en';
}
