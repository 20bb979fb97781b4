import { changed } from '../../../src/core/policy/examples/example.ts';
import { files, impressionColumns } from '../../../src/core/policy/examples/files.ts';
import type { RuleCases } from '../ruleCases.ts';

const withCity = { impressions: files(`${impressionColumns} city:string`) };

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall', [
        'pass_through: [city, category]',
        'pass_through: [category, {column: city, from: items}]',
      ]),
      datasets: withCity,
    },
    { text: changed('recall', ['pass_through: [city, category]', 'pass_through: [user_id, is_click, region]']) },
    { text: changed('recall'), datasets: { impressions: { state: 'closed', reason: 'untrusted' } } },
  ],
  invalid: [
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [category, city]']),
      reportedAt: 'city',
      after: 'pass_through: [category, ',
      datasets: withCity,
    },
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [{column: category, side: exposure}]']),
      reportedAt: '{column: category, side: exposure}',
    },
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [{column: category, max_age: 7d}]']),
      reportedAt: '{column: category, max_age: 7d}',
    },
  ],
};
