/** Emphasis of a word in a terminal report. */
export type Tone = 'strong' | 'faint' | 'accent' | 'warning' | 'error';

const codes: Readonly<Record<Tone, readonly [number, number]>> = {
  strong: [1, 22],
  faint: [2, 22],
  accent: [36, 39],
  warning: [33, 39],
  error: [31, 39],
};

export type Paint = (tone: Tone, text: string) => string;

/** Colours text with ANSI codes, or returns it unchanged. Apply it after padding, because codes take no cells. */
export function painter(colour: boolean): Paint {
  return (tone, text) => (colour && text !== '' ? `\u001B[${codes[tone][0]}m${text}\u001B[${codes[tone][1]}m` : text);
}
