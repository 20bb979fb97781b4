import { insertPair } from '../../../config/edits.ts';
import type { Entry, StageView } from '../../../config/entries.ts';
import type { TextFix } from '../../../config/problem.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { dataColumn } from '../../../data/dataColumns.ts';
import { usualScope } from '../../../source/sources/exposedUnclicked.ts';
import { changed } from '../../examples/example.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { setOption } from '../../amount.ts';
import { defineRule, type Report } from '../../rule.ts';

export const noRequest = defineRule({
  id: 'schema/no-request',
  kind: 'schema',
  severity: 'warning',
  stages: ['recall', 'coarse_ranking'],
  options: {},
  needs: ({ config, facts, stage }) =>
    requestEntries(stage).length > 0 && config.data?.impressions
      ? datasetNeeds({ config, facts }, ['impressions'])
      : [],
  *check({ config, facts, stage, document }): Iterable<Report> {
    if (dataColumn(config, 'impressions', 'request')) return;
    const file = facts.dataset('impressions');
    const guess = file?.state === 'known' ? file.columns.find(({ role }) => role?.role === 'request') : undefined;
    const at = ['data', 'impressions', 'columns'];
    const entries = requestEntries(stage);
    const shortfalls = facts.answer({ kind: 'shortfalls', stage: stage.name });
    // Without request ids, rows of a user at one time are a request. Only the rows show whether there are such rows.
    const onlyRequest = entries.filter(({ options }) => (options['scope'] ?? usualScope(stage.unit)) === 'request');
    const drawsNothing =
      shortfalls !== undefined &&
      'value' in shortfalls &&
      shortfalls.value.entries.some(
        (entry) => entry.drawn === 0 && entry.asked > 0 && onlyRequest.some(({ name }) => name === entry.name),
      );
    const names = entries.map(({ name }) => name).join(', ');
    const addRequest: TextFix[] = guess
      ? [
          {
            title: message('Add {0}', `request: ${guess.name}`),
            changes: insertPair(document, at, 'request', written(guess.name, document.language)),
            safe: false,
          },
        ]
      : [];
    const setScope: TextFix = {
      title: message('Set {0}', 'scope: user'),
      changes: entries.flatMap((entry) => setOption(entry, 'scope', written('user', document.language), document)),
      safe: false,
    };
    yield {
      at,
      on: 'key',
      ...(drawsNothing ? { severity: 'error' } : {}),
      fixes: [...addRequest, setScope],
      message: message('The columns of the impressions do not name the request of an exposure'),
      details: [
        drawsNothing
          ? message('{0} draws exposures of the same request, and there are none.', names)
          : message('{0} draws exposures of the same request first.', names),
        ...(guess ? [] : [message('If the log has no requests, set {0}.', 'scope: user')]),
      ],
    };
  },
  docs: {
    summary: 'Impressions have no request, but negatives are taken from the same request',
    why: `The most informative negative is an item that the user passed over next to the positive: same moment, same
list, same intent. Without a request, RecSample uses all exposures of the user instead, from other days and other
searches. A click from a separate file is then joined by user and item, so one click makes every exposure of the pair a
click.

If the log has no request id, set \`scope: user\` for the entry. Then the choice is visible. Without request ids, rows of
one user and one time are a request, so \`scope: request\` usually draws nothing. The finding is an error if the rows were
counted, and no negative was drawn.`,
    source: `How the config language defines the source \`exposed_unclicked\`.`,
    wrong: {
      text: changed('recall', ['time: ts, request: request_id, position', 'time: ts, position']),
      reportedAt: 'columns',
      after: '../data/impressions/dt=*/*.parquet\n    ',
    },
    right: { text: changed('recall') },
  },
});

/** The entries that draw exposures of the request of their group. */
function requestEntries({ entries }: StageView): readonly Entry[] {
  return entries.filter(({ source, options }) => source?.name === 'exposed_unclicked' && options['scope'] !== 'user');
}
