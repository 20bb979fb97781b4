import type { AskedPass } from '../../src/core/data/passThrough.ts';
import type { World } from './world.ts';

/** Columns of the sides context, item and user that the data of a world support. Names are in order. */
export function sidedColumns({ config: { data } }: World): (AskedPass & { readonly as: string })[] {
  return [
    { as: 'c_context', column: 'mark', side: 'context' },
    { as: 'd_user', column: 'scene', side: 'user' },
    { as: 'e_newest', column: 'mark', side: 'item' },
    { as: 'f_newest', column: 'scene', side: 'item', max_age: '40h' },
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
