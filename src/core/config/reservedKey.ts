import { message, type Message } from '../message/message.ts';
import { keyOf, pairOf, type ConfigPath, type Pair } from './tree.ts';

/**
 * What a key is reserved for, if a later version of the language will have it. The config is then refused by that name,
 * not by the name of a key that looks similar.
 * @param above path of the map that has the key
 */
export function reservedFor(pair: Pick<Pair, 'key' | 'value'>, above: ConfigPath): Message | null {
  const name = keyOf(pair);
  const [top, dataset] = above;
  if (name === 'snapshot' && above.length === 2 && top === 'data' && (dataset === 'items' || dataset === 'users'))
    return message('snapshot is reserved for daily tables, which cannot be read yet: use the table of one day');
  if (above.length === 1 && top === 'stages' && pairOf(pair.value, 'stage'))
    return message('{0} is reserved: several stages of one kind cannot be sampled yet. Use one config for each', name);
  return null;
}
