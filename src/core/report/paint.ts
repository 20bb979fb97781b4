import { printable } from '../message/printable.ts';

/** Emphasis of a word in a terminal report. */
export type Tone = 'strong' | 'faint' | 'accent' | 'warning' | 'error';

const codes: Readonly<Record<Tone, readonly [number, number]>> = {
  strong: [1, 22],
  faint: [2, 22],
  accent: [36, 39],
  warning: [33, 39],
  error: [31, 39],
};

const codeNumbers = [...new Set(Object.values(codes).flat())].join('|');
const codeOrControl = new RegExp(`\\u001B\\[(?:${codeNumbers})m|[^\\n\\t]`, 'gu');

/**
 * A report for the terminal: control characters become visible symbols, except line ends, tabs and, with `colour`, the
 * codes of `painter`. This protects the terminal from texts that a report forgot to escape.
 */
export function terminalText(text: string, colour: boolean): string {
  return text.replace(codeOrControl, (match) => (colour && match.length > 2 ? match : printable(match)));
}

export type Paint = (tone: Tone, text: string) => string;

/** Colours text with ANSI codes, or returns it unchanged. Apply it after padding, because codes take no cells. */
export function painter(colour: boolean): Paint {
  return (tone, text) => (colour && text !== '' ? `\u001B[${codes[tone][0]}m${text}\u001B[${codes[tone][1]}m` : text);
}
