import {
  count,
  defined,
  described,
  documentText,
  lines,
  nullable,
  oneOf,
  record,
  share,
  text,
  type ValueOf,
} from '../json/codec.ts';
import type { Comparison } from '../sampling/compare.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { copiedFrom, copiedFromOf, drawn, drawnOf, id, source } from './commonCodecs.ts';

const { stage, ...seeded } = drawn;
const side = defined('side', record({ config: text, ...seeded }));
const draw = defined('draw', record({ entry: text, source, draw: count }));
const row = defined(
  'row',
  record({ item: id, change: oneOf('same', 'moved', 'out', 'in'), a: nullable(draw), b: nullable(draw) }),
);
const origin = defined(
  'origin',
  described(
    nullable(record(copiedFrom)),
    'Where the values of a copied column come from; null if the side does not copy it.',
  ),
);
const distance = defined(
  'distance',
  described(nullable(share), 'Jensen-Shannon divergence in bits, for all users; null if it is not defined.'),
);
const overlap = { a: count, b: count, same: count, moved: count, out: count, in: count };

/** The output of `recsample compare --format json`. */
export const compareOutput = record(
  {
    stage,
    a: side,
    b: side,
    totals: record(overlap),
    entries: lines(record({ name: text, source, same: count, larger: count })),
    changes: lines(record({ path: text, a: nullable(text), b: nullable(text) })),
    columns: described(
      lines(record({ name: described(text, 'Name in the file.'), a: origin, b: origin })),
      'Copied columns that only one side has, or that have another origin.',
    ),
    distances: described(
      lines(
        record({
          of: oneOf('exposures', 'entry', 'in_batch'),
          name: described(nullable(text), 'Name of the entry.'),
          a: distance,
          b: distance,
        }),
      ),
      'Distances to the input of the stage, of the exposures alone, of each entry and of in-batch negatives. Empty if nothing is measured: if the input is the exposures.',
    ),
    users: lines(
      record({
        user: id,
        ...overlap,
        groups: lines(
          record({
            key: text,
            time: described(text, 'ISO 8601 in UTC, with microseconds.'),
            ...overlap,
            rows: lines(row),
          }),
        ),
      }),
    ),
  },
  'block',
);

/** One side of a comparison: a config as the user named it, and its plan. */
export interface ComparedSide {
  readonly config: string;
  readonly plan: StagePlan;
}

/** Comparison of two draws as JSON text. Never translated. */
export function compareJson(a: ComparedSide, b: ComparedSide, comparison: Comparison): string {
  const sideOf = ({ config, plan }: ComparedSide): ValueOf<typeof side> => ({ config, ...drawnOf(plan) });
  return documentText(compareOutput, {
    ...comparison,
    stage: a.plan.stage,
    a: sideOf(a),
    b: sideOf(b),
    columns: comparison.columns.map(({ name, ...sides }) => ({
      name,
      a: sides.a && copiedFromOf(sides.a),
      b: sides.b && copiedFromOf(sides.b),
    })),
  });
}
