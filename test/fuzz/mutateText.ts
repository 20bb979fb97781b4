import type { Dice } from './dice.ts';
import { hostileNumbers, hostileTexts } from './hostile.ts';
import { mutateBytes } from './mutateBytes.ts';

type Edit = (dice: Dice, text: string) => string;

const words = /[\w./*=-]+/g;
const numbers = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function onLines(edit: (dice: Dice, lines: string[]) => void): Edit {
  return (dice, text) => {
    const lines = text.split('\n');
    edit(dice, lines);
    return lines.join('\n');
  };
}

function replaceOne(dice: Dice, text: string, pattern: RegExp, by: string): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text + by;
  const {
    index,
    0: { length },
  } = dice.pick(found);
  return text.slice(0, index) + by + text.slice(index + length);
}

const bomb = (depth: number): string =>
  [
    '',
    'a0: &a0 [x, x]',
    ...Array.from(
      { length: depth },
      (_, k) => `a${k + 1}: &a${k + 1} [*a${k}, *a${k}, *a${k}, *a${k}, *a${k}, *a${k}, *a${k}, *a${k}, *a${k}]`,
    ),
    '',
  ].join('\n');

const edits: readonly Edit[] = [
  onLines((dice, lines) => {
    lines.splice(dice.below(lines.length), 1 + dice.below(3));
  }),
  onLines((dice, lines) => {
    lines.splice(dice.below(lines.length), 0, dice.pick(lines));
  }),
  onLines((dice, lines) => {
    const [a, b] = [dice.below(lines.length), dice.below(lines.length)];
    [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
  }),
  onLines((dice, lines) => {
    const at = dice.below(lines.length);
    lines[at] = dice.chance(0.5) ? `  ${lines[at] ?? ''}` : (lines[at] ?? '').replace(/^ {1,2}/, '');
  }),
  (dice, text) => replaceOne(dice, text, words, dice.pick(hostileTexts)),
  (dice, text) => replaceOne(dice, text, words, JSON.stringify(dice.pick(hostileTexts))),
  (dice, text) => replaceOne(dice, text, numbers, String(dice.pick(hostileNumbers))),
  (dice, text) => replaceOne(dice, text, words, dice.pick([...text.matchAll(words)].map(([word]) => word).concat('x'))),
  (dice, text) => {
    const at = dice.below(text.length + 1);
    return text.slice(0, at) + dice.pick(hostileTexts) + text.slice(at);
  },
  (dice, text) => text.slice(0, dice.below(text.length + 1)),
  (dice, text) =>
    replaceOne(dice, text, words, dice.pick(['[', '{a: ', '- ', '[[', '{']).repeat(dice.pick([3, 70, 3000]))),
  (dice, text) => text + bomb(dice.pick([2, 9])),
  (dice, text) => replaceOne(dice, text, words, `[${'x, '.repeat(dice.pick([10, 300]))}y]`),
  // In a CSV file these are columns.
  (dice, text) => replaceOne(dice, text, words, `[${'x; '.repeat(dice.pick([10, 20_000]))}y]`),
  (dice, text) => replaceOne(dice, text, /: /g, dice.pick([': &a ', ': *a ', ': !x ', ':', ': ? ', ': | ', ': >\n'])),
  (_dice, text) => text.replaceAll('\n', '\r\n'),
  (_dice, text) => `\ufeff${text}`,
  (dice, text) =>
    replaceOne(dice, text, /\n/g, `\n# recsample-disable ${dice.pick(['', 'x', 'x, '.repeat(20_000), '\u2028'])}\n`),
];

/** Edits a text at random: lines, words, numbers, nesting, and sometimes bytes. @param rounds as in `mutateBytes` */
export function mutateText(dice: Dice, text: string, rounds: number): Uint8Array {
  const raw = dice.chance(0.2);
  let mutant = text;
  for (let k = 0; k < rounds; k++) mutant = dice.pick(edits)(dice, mutant);
  const bytes = new TextEncoder().encode(mutant);
  return raw ? mutateBytes(dice, bytes, 1) : bytes;
}
