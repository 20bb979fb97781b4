import type { Dice } from './dice.ts';
import { exactJson, type World } from './world.ts';

/** Events that can be steps: not those of a table without times. */
function stepEvents({ config: { data, events } }: World): string[] {
  const timed = data.clicks?.columns['time'] !== undefined;
  return Object.entries(events as object).flatMap(([name, condition]) =>
    timed || !data.clicks || !exactJson(condition).includes('"bought"') ? [name] : [],
  );
}

function sequence(world: World, dice: Dice): object {
  const names = stepEvents(world);
  const chosen = dice.some(names, dice.whole(1, 2));
  const hasExposures = dice.chance(0.5);
  const events = [...(hasExposures ? ['impressions'] : []), ...chosen];
  const weights = (): object => Object.fromEntries(events.map((name) => [name, dice.pick([0, 1, 2, 4, 0.5])]));
  const hasItems = world.config.data.items !== undefined;
  return {
    events: dice.chance(0.5) ? events : weights(),
    length: dice.pick([1, 2, 3, 7, 40]),
    available_after: dice.pick(['0s', '1s', '1h', '20h', '25h']),
    ...(dice.chance(0.3) ? { as_of: 'day' } : {}),
    ...(dice.chance(0.3) ? { lookback: dice.pick(['1h', '30h', '4d']) } : {}),
    ...(dice.chance(0.2) ? { where: { scene: 'feed' } } : {}),
    ...(hasExposures && dice.chance(0.4) ? { without: dice.some(names, 1) } : {}),
    ...(dice.chance(0.3)
      ? { session: { gap: dice.pick(['1h', '20h', '2d']), ...(dice.chance(0.5) ? { keep: dice.pick([1, 2]) } : {}) } }
      : { dedup: dice.pick(['none', 'none', 'consecutive', 'item', 'item']) }),
    ...(dice.chance(0.3) ? { newest_first: true } : {}),
    columns: [
      ...['item', 'time', 'age', 'event', 'actions'],
      ...(dice.chance(0.5) ? [{ column: 'mark', as: 'copied' }] : []),
      ...(hasItems && dice.chance(0.5) ? ['price', { column: 'city', from: 'items', as: 'town' }] : []),
    ],
  };
}

/** One or two sequences of a world, by name. */
export function randomSequences(world: World, dice: Dice): Record<string, object> {
  return Object.fromEntries(
    dice.some(['recent', 'Ünique 行为'], dice.whole(1, 2)).map((name) => [name, sequence(world, dice)]),
  );
}

/** Sequences that the layout user can store once for all rows of a user. */
export function sliceable(sequences: Readonly<Record<string, object>>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(sequences).map(([name, sequence]) => {
      const { dedup: _dedup, newest_first: _order, columns, ...more } = sequence as Record<string, unknown>;
      return [name, { ...more, columns: (columns as unknown[]).filter((column) => column !== 'age') }];
    }),
  );
}
