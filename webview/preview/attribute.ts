import type { SamplingFacts } from '../../src/protocol/sampling.ts';

/** The attribute of items that stands beside their names: the first that any of them has. Null where they have none. */
export function attributeOf(facts: SamplingFacts | null): string | null {
  for (const { attributes } of Object.values(facts?.items ?? {})) {
    const [name] = Object.keys(attributes);
    if (name !== undefined) return name;
  }
  return null;
}
