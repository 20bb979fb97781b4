import { sliceable } from '../sampling/randomSequences.ts';
import { stageOf, type World } from '../sampling/world.ts';

type Output = Readonly<Record<string, unknown>>;
const days = { partition_by: { column: 'dt', format: 'yyyyMMdd' } };
/** Options of the output. Three of five random worlds have one of them. */
export const outputs: readonly Output[] = [
  { layout: 'grouped' },
  { layout: 'wide' },
  { order: 'shuffled', group_id: true },
  { order: 'shuffled_rows' },
  { shards: 3 },
  { order: 'shuffled', shards: 3 },
  { order: 'shuffled_rows', shards: 4, ...days },
  { layout: 'grouped', order: 'shuffled', shards: 2, ...days },
  { layout: 'wide', order: 'shuffled', ...days, group_id: true },
  { ...days, shards: 2 },
  { partition_by: { column: 'day' } },
  { layout: 'wide', shards: 5 },
  { layout: 'request' },
  { layout: 'user' },
  { layout: 'request', order: 'shuffled', shards: 2, ...days },
  { layout: 'user', order: 'shuffled', group_id: true, ...days },
  { layout: 'request', order: 'shuffled', group_id: true },
  { layout: 'user', shards: 3 },
];

/** A world with options of the output; null if its unit does not have the layout. */
export function withOutput(world: World, output: Output): World | null {
  if (output['layout'] === 'wide' && stageOf(world).unit !== 'positive') return null;
  const { config } = world;
  const own = config['output'] as Output;
  const lists = own['sequences'] as Readonly<Record<string, object>> | undefined;
  const sequences = output['layout'] === 'user' && lists ? { sequences: sliceable(lists) } : {};
  return { ...world, config: { ...config, output: { ...own, ...output, ...sequences } } };
}
