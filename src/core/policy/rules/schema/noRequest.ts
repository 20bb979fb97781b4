import { insertPair } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { dataColumn } from '../../../data/dataColumns.ts';
import { changed } from '../../examples/example.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { defineRule, type Report } from '../../rule.ts';

export const noRequest = defineRule({
  id: 'schema/no-request',
  kind: 'schema',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking'],
  options: {},
  needs: ({ config, facts, stage }) =>
    stage.entries.some(({ source, options }) => source?.name === 'exposed_unclicked' && options['scope'] !== 'user') &&
    config.data?.impressions
      ? datasetNeeds({ config, facts }, ['impressions'])
      : [],
  *check({ config, facts, stage, document }): Iterable<Report> {
    if (dataColumn(config, 'impressions', 'request')) return;
    const known = facts.dataset('impressions');
    const guess = known?.state === 'known' ? known.columns.find(({ role }) => role?.role === 'request') : undefined;
    const at = ['data', 'impressions', 'columns'];
    const fixes: TextFix[] = guess
      ? [
          {
            title: message('Add {0}', `request: ${guess.name}`),
            changes: insertPair(document, at, 'request', written(guess.name, document.language)),
            safe: false,
          },
        ]
      : [];
    const names = stage.entries
      .filter(({ source, options }) => source?.name === 'exposed_unclicked' && options['scope'] !== 'user')
      .map(({ name }) => name);
    yield {
      at,
      on: 'key',
      fixes,
      message: message('The columns of the impressions do not name the request of an exposure'),
      details: [message('{0} draws exposures of the same request first.', names.join(', '))],
    };
  },
  docs: {
    summary: 'Impressions do not say which request they belong to, but negatives are taken from the same request',
    why: `The most informative negative is an item that the user passed over next to the positive: same moment, same
list, same intent. Without a request, RecSample uses all exposures of the user instead, from other days and other
searches. A click from a separate file is then joined by user and item, so one click makes every exposure of the pair a
click.

If the log has no request id, set \`scope: user\` for the entry. Then the choice is visible.`,
    source: `How this language defines the source \`exposed_unclicked\`; no number is involved.`,
    wrong: {
      text: changed('recall', ['time: ts, request: request_id, position', 'time: ts, position']),
      reportedAt: 'columns',
      after: '../data/impressions/dt=*/*.parquet\n    ',
    },
    right: { text: changed('recall') },
    valid: [
      {
        text: changed(
          'recall',
          ['time: ts, request: request_id, position', 'time: ts, position'],
          ['seen: viewed, mature_after: 30m', 'seen: viewed, mature_after: 30m, scope: user'],
        ),
      },
    ],
  },
});
