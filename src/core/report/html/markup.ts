import { escapeHtml } from '../../message/escape.ts';

/** HTML or SVG with escaped values. Only `markup` creates it. */
export class Markup {
  private constructor(readonly text: string) {}

  static of(strings: TemplateStringsArray, values: readonly Content[]): Markup {
    return new Markup(strings.map((text, k) => text + contentText(k < values.length ? values[k] : undefined)).join(''));
  }
}

/** Content between tags or in a quoted attribute. Texts are escaped; null and false are empty. */
export type Content = Markup | string | number | null | false | undefined | readonly Content[];

/** HTML with escaped values. A value may be between tags or in a quoted attribute, not a name and not a URL. */
export function markup(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return Markup.of(strings, values);
}

function contentText(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(contentText).join('');
  return escapeHtml(String(content));
}
