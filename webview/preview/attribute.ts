import type { SamplingFacts } from '../../src/protocol/sampling.ts';

/** The item attribute shown next to item names: the first one that any item has. Null if there is none. */
export function attributeOf(facts: SamplingFacts | null): string | null {
  for (const { attributes } of Object.values(facts?.items ?? {})) {
    const [name] = Object.keys(attributes);
    if (name !== undefined) return name;
  }
  return null;
}
