import { message, type Message } from '../message/message.ts';
import type { Column } from '../table/dataset.ts';
import { plain } from './starterYaml.ts';

/** Texts that mean that the event happened. */
const yes = /^(y|yes|t|true|1|pos|positive|click|clicked|是)$/i;

/**
 * The condition of an event in config syntax, from its column and the range of its values. `because`: why, if it is a
 * guess.
 */
export function labelCondition(
  { name, type }: Pick<Column, 'name' | 'type'>,
  range: { readonly min: string; readonly max: string } | undefined,
): { readonly holds: string; readonly because: Message | null } {
  const column = plain(name);
  if (range === undefined) return { holds: column, because: null };
  const { min, max } = range;
  if (type.kind === 'string' || type.kind === 'enum')
    return {
      holds: `{column: ${column}, op: "=", value: ${plain(yes.test(min) ? min : max)}}`,
      because: message('the values are texts from {0} to {1}; choose the one of the event', min, max),
    };
  const most = Number(max);
  if (most > 1)
    return {
      holds: `{column: ${column}, op: ">=", value: ${Math.ceil(most * 0.8)}}`,
      because: message('the values go up to {0}; choose from which one on', most),
    };
  // The log writes only events.
  return Number(min) === 1 || min === 'true'
    ? {
        holds: `{column: ${column}, unknown: negative}`,
        because: message('the column has no other value than {0}, so a missing one means that nothing happened', max),
      }
    : { holds: column, because: null };
}
