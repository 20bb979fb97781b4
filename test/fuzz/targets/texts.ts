import { base64, type Step } from '../case.ts';
import type { Expected } from '../expectation.ts';
import type { Target } from '../target.ts';
import { anyText, endings, writeTable, type TextColumns } from '../writeTable.ts';

/** The rows that inspect shows and exports must be these. */
export function readBack(name: string, tables: readonly TextColumns[]): Step[] {
  const rows = tables.flatMap((columns) =>
    (columns[0]?.values ?? []).map((_, row) =>
      columns.map(({ name: column, values }): [string, Expected] => [column, values[row] ?? '']),
    ),
  );
  return [
    {
      kind: 'cli',
      args: ['inspect', name, '--format', 'json', '--rows', '20'],
      names: name,
      expects: { kind: 'rows', file: null, rows },
    },
    {
      kind: 'cli',
      args: ['inspect', name, '--export', 'out.jsonl', '--force'],
      names: name,
      expects: { kind: 'rows', file: 'out.jsonl', rows },
    },
  ];
}

/** Names and values with byte order marks, lone surrogates, and characters that dialects change: exact, or refused. */
export const texts: Target = {
  name: 'texts',
  short: 15,
  shipped: 0.02,
  mutant(dice, _seeds, rounds) {
    const ending = dice.pick(endings);
    const lone = ending === '.jsonl' ? ['\ud800', '\udc00'] : [];
    const names = new Set(
      Array.from({ length: Math.min(rounds, 3) }, () => anyText(dice, dice.chance(0.2) ? lone : [])),
    );
    const columns = [...names].map((name) => ({
      name,
      // The first value is a plain text in most columns: dialects are guessed from values.
      values: ['x', 'y', 'z'].map((plain) => (dice.chance(0.5) ? anyText(dice, lone) : plain)),
    }));
    const name = `f${ending}`;
    return { files: { [name]: base64(writeTable(ending, columns)) }, steps: readBack(name, [columns]) };
  },
};
