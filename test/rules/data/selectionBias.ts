import { changed } from '../../../src/core/policy/examples/example.ts';
import { distances } from '../../../src/core/policy/rules/data/selectionBias.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    { text: changed('recall'), answers: distances({}) },
    // Farther than by chance, but hardly.
    { text: changed('recall'), answers: distances({ observed: 0.255 }) },
    { text: changed('recall'), answers: distances({ observed: 0.42 }), options: { max_gap: 0.6 } },
    { text: changed('recall'), answers: distances({ unreachable: 4000 }) },
    // A single user may own the rows of the item.
    {
      text: changed('recall'),
      answers: distances({ largest: { item: '7', rate: { rows: 20_000, hits: 3000, design: 500 } } }),
    },
    // Of few negatives, an item has many by chance.
    {
      text: changed('recall'),
      answers: distances({ largest: { item: '7', rate: { rows: 20, hits: 20, design: 1 } } }),
    },
    // The exposures are those of random traffic: there is no bias to remove.
    { text: changed('recall'), answers: distances({ observed: 0.22, exposures: 0.001 }) },
    // A corpus of few items, of which the users exclude many.
    { text: changed('recall'), answers: distances({ input: 34, observed: 0.42 }) },
    // Nothing was exposed.
    { text: changed('recall'), answers: distances({ observed: 0.42, exposures: null }) },
  ],
  invalid: [
    { text: changed('recall'), answers: distances({ unreachable: 6000 }), reportedAt: 'negatives' },
    {
      text: changed('recall'),
      answers: distances({ observed: 0.42, exposures: 0.001 }),
      reportedAt: '../out/recall.parquet',
    },
    {
      text: changed('recall'),
      answers: distances({ largest: { item: '7', rate: { rows: 20_000, hits: 3000, design: 1 } } }),
      reportedAt: '../out/recall.parquet',
    },
  ],
};
