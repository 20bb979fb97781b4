import type { PlainShape } from './shape.ts';

/**
 * The shape of a map, if several are possible: the first record with one of its keys. Without such a record, the
 * dictionary, whose keys are names; else the first record.
 */
export function mapShape<S extends PlainShape>(options: readonly S[], has: (key: string) => boolean): S | undefined {
  return (
    options.find((option) => option.kind === 'record' && Object.keys(option.fields).some(has)) ??
    options.find(({ kind }) => kind === 'dictionary') ??
    options[0]
  );
}
