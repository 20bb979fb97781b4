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
];

/** A world with options of the output; null if its unit does not have the layout. */
export function withOutput(world: World, output: Output): World | null {
  if (output['layout'] === 'wide' && stageOf(world).unit !== 'positive') return null;
  const { config } = world;
  return { ...world, config: { ...config, output: { ...(config['output'] as Output), ...output } } };
}
