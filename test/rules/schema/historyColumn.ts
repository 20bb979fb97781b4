import { changed } from '../../../src/core/policy/examples/example.ts';
import { files, impressionColumns } from '../../../src/core/policy/examples/files.ts';
import { withHistory } from '../../../src/core/policy/rules/schema/historyColumn.ts';
import type { RuleCases } from '../ruleCases.ts';

export const cases: RuleCases = {
  valid: [
    {
      text: changed('recall', withHistory('{column: history, separator: " "}')),
      datasets: { impressions: files(`${impressionColumns} history:string`) },
    },
    {
      text: changed('recall', withHistory('{column: history}')),
      datasets: { impressions: files(`${impressionColumns} history:ids`) },
    },
    {
      text: changed('recall', withHistory('{column: history, separator: " "}')),
      datasets: { impressions: { state: 'closed', reason: 'untrusted' } },
    },
  ],
  invalid: [
    {
      text: changed('recall', withHistory('{column: history}')),
      reportedAt: 'history',
      after: 'history: {column: ',
      datasets: { impressions: files(`${impressionColumns} history:string`) },
    },
    {
      text: changed('recall', [
        'global_random: 0.2',
        'global_random: {share: 0.2, exclude: {history: {column: history}}}',
      ]),
      reportedAt: 'history',
      after: 'history: {column: ',
      datasets: { impressions: files(`${impressionColumns} history:string`) },
    },
    {
      text: changed('recall', withHistory('{column: history, separator: " "}')),
      reportedAt: '" "',
      after: 'separator: ',
      datasets: { impressions: files(`${impressionColumns} history:ids`) },
    },
  ],
};
