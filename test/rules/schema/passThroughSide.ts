import { changed } from '../../../src/core/policy/examples/example.ts';
import { files, impressionColumns } from '../../../src/core/policy/examples/files.ts';
import type { RuleCases } from '../ruleCases.ts';

const withDevice = { impressions: files(`${impressionColumns} device:string`) };

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [region, position, is_click]']),
    },
    {
      text: changed('fine_ranking', ['pass_through: [position, city]', 'pass_through: [device]']),
      datasets: withDevice,
    },
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [{column: city, from: items}]']),
      datasets: { impressions: files(`${impressionColumns} city:string`) },
    },
  ],
  invalid: [
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [city, device]']),
      reportedAt: 'device',
      datasets: withDevice,
    },
    {
      text: changed('coarse_ranking', ['pass_through: [city]', 'pass_through: [{column: device, as: phone}]']),
      reportedAt: '{column: device, as: phone}',
      datasets: withDevice,
    },
    {
      text: changed('recall', ['pass_through: [city, category]', 'pass_through: [{column: city, from: impressions}]']),
      reportedAt: '{column: city, from: impressions}',
      datasets: { impressions: files(`${impressionColumns} city:string`) },
    },
  ],
};
