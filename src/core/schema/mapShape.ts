import type { PlainShape } from './shape.ts';

/**
 * The shape of a map, if several are possible: the record with most of its keys, the first of several. Without one of
 * their keys, the dictionary, whose keys are names; else the first record.
 */
export function mapShape<S extends PlainShape>(options: readonly S[], has: (key: string) => boolean): S | undefined {
  const keys = options.map((option) => (option.kind === 'record' ? Object.keys(option.fields).filter(has).length : 0));
  const most = Math.max(0, ...keys);
  if (most > 0) return options[keys.indexOf(most)];
  return options.find(({ kind }) => kind === 'dictionary') ?? options[0];
}
