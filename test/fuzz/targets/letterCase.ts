import { base64 } from '../case.ts';
import type { Dice } from '../dice.ts';
import type { Target } from '../target.ts';
import { endings, writeTable } from '../writeTable.ts';
import { readBack } from './texts.ts';

/** Names that are equal in some comparison of letters without case. */
const alike: readonly (readonly string[])[] = [
  ['item', 'Item', 'ITEM', 'iTem'],
  ['é', 'É', 'e\u0301'],
  ['straße', 'STRASSE', 'STRAẞE'],
  ['id', 'ID', 'ıd', 'İd'],
  ['k', 'K', '\u212a'],
];

function shuffled<T>(dice: Dice, list: readonly T[]): T[] {
  const left = [...list];
  return list.map(() => left.splice(dice.below(left.length), 1)).flat();
}

/** Files of one folder whose columns differ only in case and order: each value under its exact name, or refused. */
export const letterCase: Target = {
  name: 'letter-case',
  short: 12,
  shipped: 0.02,
  mutant(dice, _seeds, rounds) {
    const ending = dice.pick(endings);
    const names = shuffled(dice, [...dice.pick(alike), 'user']).slice(0, 1 + rounds);
    const tables = Array.from({ length: 1 + dice.below(3) }, (_, file) =>
      shuffled(dice, names).map((name) => ({ name, values: [0, 1].map((row) => `${name} of ${file}.${row}`) })),
    );
    const files = tables.map((columns, k) => [`s/${k}${ending}`, base64(writeTable(ending, columns))] as const);
    const [name = ''] = names;
    const wanted = `${name} of 0.1`;
    const filtered = tables
      .slice(0, 1)
      .map((columns) => columns.map((column) => ({ ...column, values: column.values.slice(1) })));
    const [shown, exported] = readBack('s', tables);
    const [found] = readBack('s', filtered);
    if (shown?.kind !== 'cli' || exported === undefined || found?.kind !== 'cli') throw new Error('no steps');
    const where = `"${name}" = '${wanted}'`;
    return {
      files: Object.fromEntries(files),
      steps: [shown, exported, { ...found, args: [...found.args, '--where', where] }],
    };
  },
};
