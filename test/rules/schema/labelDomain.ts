import { changed } from '../../../src/core/policy/examples/example.ts';
import { files, impressionColumns } from '../../../src/core/policy/examples/files.ts';
import type { RuleCases } from '../ruleCases.ts';

const clicks = (others: number, min: string, max: string) =>
  ({ dataset: 'impressions', column: 'is_click', others, min, max }) as const;

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall'),
      datasets: {
        impressions: files(impressionColumns, {
          ranges: { is_click: { min: '0', max: '1' }, is_viewed: { min: 'false', max: 'true' } },
        }),
      },
    },
    {
      text: changed('recall'),
      datasets: { impressions: files(impressionColumns, { ranges: { is_click: { min: '0', max: '0' } } }) },
    },
    {
      text: changed('recall'),
      datasets: { impressions: files(impressionColumns.replace('is_click:int8', 'is_click:double')) },
      answers: { 'label-values': { columns: [clicks(0, '0.0', '1.0')], events: [] } },
    },
  ],
  invalid: [
    {
      text: changed('recall'),
      datasets: { impressions: files(impressionColumns, { ranges: { is_click: { min: '0', max: '5' } } }) },
      reportedAt: 'is_click',
    },
    {
      text: changed('recall'),
      datasets: { impressions: files(impressionColumns, { ranges: { is_click: { min: '-1', max: '1' } } }) },
      reportedAt: 'is_click',
    },
    {
      text: changed(
        'recall',
        ['label: label', 'label: log_q'],
        ['log_q: log_q', 'draw: draw'],
        [', draw: draw, draw', ', draw'],
      ),
      reportedAt: 'log_q',
    },
    {
      text: changed('recall'),
      datasets: { impressions: files(impressionColumns.replace('is_click:int8', 'is_click:string')) },
      reportedAt: 'is_click',
    },
    { text: changed('recall', ['viewed: is_viewed', 'viewed: ts']), reportedAt: 'ts', after: 'viewed: ' },
    {
      text: changed('recall'),
      answers: { 'label-values': { columns: [clicks(812, '-1', '1')], events: [] } },
      reportedAt: 'is_click',
    },
    {
      text: changed('recall'),
      answers: { 'label-values': { columns: [], events: [{ event: 'click', rows: 1000, unknown: 10 }] } },
      reportedAt: 'is_click',
      after: 'click: ',
    },
  ],
};
