import type { PlainShape } from './shape.ts';

/**
 * The shape of a map with several alternatives: the record with most of the map's keys, or the first of several. If no
 * record has one of the keys: the dictionary, whose keys are names, or else the first record.
 */
export function mapShape<S extends PlainShape>(options: readonly S[], has: (key: string) => boolean): S | undefined {
  const keys = options.map((option) => (option.kind === 'record' ? Object.keys(option.fields).filter(has).length : 0));
  const max = Math.max(0, ...keys);
  if (max > 0) return options[keys.indexOf(max)];
  return options.find(({ kind }) => kind === 'dictionary') ?? options[0];
}
