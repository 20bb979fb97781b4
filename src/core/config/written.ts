import type { ConfigLanguage } from './document.ts';
import { plainValue } from './reading/scalar.ts';

/** Values that the tool writes into a config: scalars, and lists and maps of them. */
export type WrittenValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly WrittenValue[]
  | { readonly [key: string]: WrittenValue };

/**
 * Writes a value as text on one line: `{share: 0.3, seen: viewed}`, `[click, "a, b"]`, `7d`; strict JSON in JSON files.
 * Texts are quoted only if block or flow style would read them as something else.
 */
export function written(value: WrittenValue, language: ConfigLanguage = 'yaml'): string {
  if (typeof value === 'string') return language === 'json' || !isPlain(value) ? JSON.stringify(value) : value;
  if (typeof value === 'number')
    return Number.isFinite(value)
      ? String(value)
      : language === 'json'
        ? 'null'
        : Number.isNaN(value)
          ? '.nan'
          : value < 0
            ? '-.inf'
            : '.inf';
  if (value === null || typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map((item) => written(item, language)).join(', ')}]`;
  const pairs = Object.entries(value).map(([key, item]) => `${written(key, language)}: ${written(item, language)}`);
  return language === 'json' && pairs.length > 0 ? `{ ${pairs.join(', ')} }` : `{${pairs.join(', ')}}`;
}

const isList = (value: WrittenValue): value is readonly WrittenValue[] => Array.isArray(value);

/** True if a text without quotes is read as the same text anywhere. */
function isPlain(text: string): boolean {
  return (
    (/^[^\s\-?:,[\]{}#&*!|>'"%@`\u0000-\u001f](?:[^\n\r\t,[\]{}\u0000-\u001f\u007f\u0085\u2028\u2029\ufeff]*[^\s,[\]{}\u0000-\u001f\u007f\u0085\ufeff])?$/u.test(
      text,
    ) &&
      !/:(?:\s|$)|\s#|^(?:---|\.\.\.)/.test(text) &&
      !text.includes('${') &&
      typeof plainValue(text) === 'string') ||
    /^-[A-Za-z_][\w.-]*$/.test(text)
  );
}
