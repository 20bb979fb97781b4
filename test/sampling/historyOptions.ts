import type { Stage } from '../../src/core/schema/stage.ts';
import type { Dice } from './dice.ts';
import { entriesOf, type Cell, type EntryDraft, type Row, type StageDraft, type World } from './world.ts';

const separators = [' ', ',', '|', '::', ', '];

/** Gives the impressions of a world a column with past items, and excludes them. */
export function withHistory(
  { config, tables }: Pick<World, 'config' | 'tables'>,
  stage: Stage,
  dice: Dice,
): Pick<World, 'config' | 'tables'> {
  const draft = config.stages[stage];
  const { impressions, items } = tables;
  if (!draft || !impressions || draft.unit === 'impression' || !dice.chance(0.4)) return { config, tables };
  const separator = dice.pick(separators);
  const known = [...impressions.rows, ...(items?.rows ?? [])].map((row) => row['item_id'] ?? null);
  const rows = impressions.rows.map((row): Row => ({ ...row, hist: textOf(known, separator, dice) }));
  const history = { column: 'hist', separator };
  return {
    config: { ...config, stages: { ...config.stages, [stage]: excluding(draft, history, dice) } },
    tables: { ...tables, impressions: { types: { ...impressions.types, hist: 'VARCHAR' }, rows } },
  };
}

/** Some ids, some of them twice, or of no item. */
function textOf(known: readonly Cell[], separator: string, dice: Dice): Cell {
  if (dice.chance(0.3)) return dice.pick([null, null, '', ' ']);
  const ids = Array.from({ length: dice.whole(1, 4) }, () =>
    dice.chance(0.1) ? dice.pick(['gone', '1.5', '123', '', ' ']) : String(dice.pick(known) ?? ''),
  );
  const blank = dice.pick(['', '', ' ', '\t']);
  return ids.join(separator === ' ' ? separator : `${blank}${separator}`);
}

function excluding(draft: StageDraft, history: Record<string, string>, dice: Dice): StageDraft {
  const { negatives } = draft;
  const { key, entries } = entriesOf(negatives);
  const more = (exclude: unknown): Record<string, unknown> =>
    exclude === 'none' || (exclude !== undefined && dice.chance(0.3))
      ? { exclude }
      : { exclude: { ...(exclude as Record<string, unknown> | undefined), history } };
  const own = Object.entries(entries).map(([name, entry]): [string, EntryDraft] => [
    name,
    typeof entry === 'object' && entry['exclude'] !== undefined ? { ...entry, ...more(entry['exclude']) } : entry,
  ]);
  return { ...draft, negatives: { ...negatives, ...more(negatives['exclude']), [key]: Object.fromEntries(own) } };
}
