import type { AskedPass } from '../../src/core/data/passThrough.ts';
import { stageOf, type World } from '../sampling/world.ts';

/** Columns of each side that the data of a world support and a Spark job can copy. */
function passThrough({ config, stage }: World): readonly AskedPass[] {
  const { data } = config;
  const isDrawn = stageOf({ config, stage }).unit !== 'impression';
  return [
    ...(isDrawn
      ? []
      : ([
          { as: 'a_exposure', column: 'mark' },
          { as: 'c_context', column: 'mark', side: 'context' },
          { as: 'd_user', column: 'scene', side: 'user' },
        ] as const)),
    ...(data.items
      ? ([
          { as: 'g_item', column: 'price' },
          { as: 'h_item', column: 'city', side: 'item' },
        ] as const)
      : []),
    ...(data.users
      ? ([
          { as: 'i_level', column: 'level' },
          { as: 'j_region', column: 'region', from: 'users' },
        ] as const)
      : []),
  ];
}

/** A world without the parts that a Spark job refuses by name, so that the rest of it is compared. */
export function withoutUnsupported(world: World): World {
  const { clicks: _clicks, ...data } = world.config.data;
  const { clicks: _table, ...tables } = world.tables;
  const events = world.config['events'] as Readonly<Record<string, unknown>>;
  const known = { ...events, ...('buy' in events ? { buy: { column: 'play_time', op: '>=', value: 9 } } : {}) };
  return {
    ...world,
    tables,
    config: { ...world.config, data, events: known, output: { pass_through: passThrough(world) } },
  };
}
