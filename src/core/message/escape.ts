import { render, type Message, type Translate } from './message.ts';
import { printable } from './printable.ts';

/*
 * The one place that escapes texts of files, configs and users for surfaces where characters have a meaning.
 * `printable` is always applied first, so that a line end or a direction mark in a value is shown, not interpreted.
 */

/** A zero-width character. Between `$` and `(` it prevents an icon in VS Code, between `]` and `(` a link. */
const joiner = '\u2060';

function withoutIcons(text: string): string {
  return text.replaceAll('$(', `$${joiner}(`);
}

/** Escapes a text for VS Code: in labels, `$(name)` would be an icon; in notifications, `[text](address)` a link. */
export function labelText(text: string): string {
  return withoutIcons(printable(text)).replaceAll('](', `]${joiner}(`);
}

/** Characters that are special in Markdown at any position. */
const always = /[\\`*[\]#~|<>&@]/.source;
/** Signs that mean something, except `_` between letters or digits, and `-`, `+` and `=` after them. */
const signs = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])[-+=]/u.source;
/** The ends of `1.` and `1)`, and the characters that make autolinks. */
const endings = /[.)](?=\s|$)|(?<=www)\.|:(?=\/)/.source;
const special = new RegExp(`${always}|${signs}|${endings}`, 'giu');

/** Escapes a value within a line of Markdown, so that every character is shown. */
export function markdownText(text: string): string {
  return withoutIcons(printable(text))
    .replace(/ {2,}/g, (blanks) => '\u00A0'.repeat(blanks.length))
    .replace(special, '\\$&');
}

/** A value as inline code in Markdown. The fence is longer than every run of backticks in the value. */
export function markdownCode(text: string): string {
  const shown = withoutIcons(printable(text === '' ? '""' : text));
  const fence = '`'.repeat(longestRun(shown) + 1);
  const pad = /^[ `]|[ `]$/.test(shown) ? ' ' : '';
  return fence + pad + shown + pad + fence;
}

/** Lines of code as a Markdown block, with a fence that none of them can close. */
export function markdownBlock(text: string, language: 'text' | 'yaml'): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Renders a message as Markdown: its text may contain Markdown, its values are escaped. */
export function renderMarkdown({ text, args = [] }: Message, translate: Translate): string {
  return render(
    {
      text,
      args: args.map((value) =>
        typeof value === 'object' ? renderMarkdown(value, translate) : markdownText(String(value)),
      ),
    },
    translate,
  );
}

/** Escapes a text for HTML, between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((max, run) => Math.max(max, run.length), 0);
}
