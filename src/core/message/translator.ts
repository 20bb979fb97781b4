import chinese from '../../../l10n/bundle.l10n.zh-cn.json' with { type: 'json' };
import type { Translate } from './message.ts';

/** The languages of the product. */
export type Locale = 'en' | 'zh-cn';

const translations: Readonly<Record<string, string>> = chinese;

/** Translates sentences with the list that ships with the product, for processes without VS Code's translations. */
export function translator(locale: Locale): Translate {
  return locale === 'en'
    ? (text) => text
    : (text) => (Object.hasOwn(translations, text) ? (translations[text] ?? text) : text);
}

/** The language for a requested tag, such as `zh-Hans` or `de`. */
export function localeOfTag(tag: string): Locale {
  return /^zh/i.test(tag) ? 'zh-cn' : 'en';
}
