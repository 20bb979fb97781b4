import type { ComparedColumn, CopiedFrom } from '../sampling/compareColumns.ts';
import { message, type Message } from '../message/message.ts';
import { durationText } from '../schema/durationText.ts';

/** How copied columns differ, in the words of a config: `side: context → exposure`, or the side that has the column. */
export function columnChange({ a, b }: Pick<ComparedColumn, 'a' | 'b'>): Message {
  if (a === null || b === null) {
    const origin = partsOf(a ?? b)
      .map(([key, value]) => `${key}: ${value}`)
      .join(', ');
    return b === null ? message('only in A, {0}', origin) : message('only in B, {0}', origin);
  }
  const others = new Map(partsOf(b));
  const left = new Map(partsOf(a));
  const changes = [...new Set([...left.keys(), ...others.keys()])]
    .filter((key) => left.get(key) !== others.get(key))
    .map((key) => `${key}: ${left.get(key) ?? '∅'} → ${others.get(key) ?? '∅'}`);
  return message('{0}', changes.join(', '));
}

/** The keys of an entry of `output.pass_through`. */
function partsOf(origin: CopiedFrom | null): (readonly [key: string, value: string])[] {
  if (origin === null) return [];
  const { column, from, side, maxAge } = origin;
  return [
    ['column', column],
    ['from', from],
    ['side', side],
    ...(maxAge === null ? [] : [['max_age', durationText(maxAge)] as const]),
  ];
}
