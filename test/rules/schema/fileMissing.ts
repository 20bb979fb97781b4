import { changed } from '../../../src/core/policy/examples/example.ts';
import { recallMixing } from '../../../src/core/policy/examples/mixes.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    // The sample file is still to be written.
    { text: changed('recall'), datasets: { 'samples.recall': { state: 'missing' } } },
    { text: changed('recall'), datasets: { items: { state: 'closed', reason: 'untrusted' } } },
  ],
  invalid: [
    // Nothing is read of the table but its ids.
    {
      text: recallMixing(
        ['exposed_unclicked: 0.4', 'global_random: 0.6'],
        [', attributes: [city, category]', ''],
        ['\n    where: {status: online}', ''],
        [', pass_through: [city, category]', ''],
        ['../data/items.parquet', '../data/item.parquet'],
      ),
      datasets: { items: { state: 'missing' } },
      reportedAt: '../data/item.parquet',
      fixBrings: ['config/items-of-log'],
    },
    // An entry reads a further column of the table, so there is no fix.
    {
      text: recallMixing(
        ['exposed_unclicked: 0.4', 'cheap: {source: global_random, share: 0.6, where: {category: home}}'],
        [', attributes: [city, category]', ''],
        ['\n    where: {status: online}', ''],
        [', pass_through: [city, category]', ''],
        ['../data/items.parquet', '../data/item.parquet'],
      ),
      datasets: { items: { state: 'missing' } },
      reportedAt: '../data/item.parquet',
    },
    {
      text: changed('recall', ['../data/impressions/dt=*/*.parquet', '../data/impressions/day=*/*.parquet']),
      datasets: { impressions: { state: 'missing' } },
      reportedAt: '../data/impressions/day=*/*.parquet',
    },
  ],
};
