import { render, type Message, type Translate } from './message.ts';
import { printable } from './terminalText.ts';

/*
 * The one place where a text of a file, a config or a person is made harmless for a surface that gives characters a meaning.
 * `printable` comes first everywhere: a line end or a direction mark in a value is shown, not obeyed.
 */

/** Takes no space. Between `$` and `(` it keeps VS Code from drawing an icon, between `]` and `(` from making a link. */
const joiner = '\u2060';

function withoutIcons(text: string): string {
  return text.replaceAll('$(', `$${joiner}(`);
}

/** A text for labels of VS Code, which draw `$(name)` as an icon, and for its notifications, which make links of `[text](address)`. */
export function labelText(text: string): string {
  return withoutIcons(printable(text)).replaceAll('](', `]${joiner}(`);
}

/** Characters that begin something in Markdown wherever they are. */
const always = /[\\`*[\]#~|<>&@]/.source;
/** Between two letters or digits an underscore is one; a sign behind one of them begins no list, rule or heading. */
const signs = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])[-+=]/u.source;
/** The ends of `1.` and `1)`, and what addresses are recognised by. */
const endings = /[.)](?=\s|$)|(?<=www)\.|:(?=\/)/.source;
const special = new RegExp(`${always}|${signs}|${endings}`, 'giu');

/** A value within a line of Markdown: it is shown character by character. */
export function markdownText(text: string): string {
  return withoutIcons(printable(text))
    .replace(/ {2,}/g, (blanks) => '\u00A0'.repeat(blanks.length))
    .replace(special, '\\$&');
}

/** A value as code within a line of Markdown: its fence is longer than every run of backticks in it. */
export function markdownCode(text: string): string {
  const shown = withoutIcons(printable(text === '' ? '""' : text));
  const fence = '`'.repeat(longestRun(shown) + 1);
  const pad = /^[ `]|[ `]$/.test(shown) ? ' ' : '';
  return fence + pad + shown + pad + fence;
}

/** Lines of code in Markdown, in a fence that none of them ends. */
export function markdownBlock(text: string, language: 'text' | 'yaml'): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A sentence as Markdown: its own text may use Markdown, the values in it do not. */
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

/** A text as it is in HTML, between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
}
