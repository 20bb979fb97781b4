import { message } from '../../../message/message.ts';
import { dataColumn, datasetEntry, datasetPath } from '../../../data/dataColumns.ts';
import { passedColumn, passedSources, passThroughEntries } from '../../../data/passThrough.ts';
import { changed } from '../../examples/example.ts';
import { passThroughPath } from '../../passFixes.ts';
import { passThroughReport } from '../../passProblem.ts';
import { defineRule, type Report } from '../../rule.ts';

export const passThrough = defineRule({
  id: 'config/pass-through',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check({ config, document, stages }): Iterable<Report> {
    if (!document.has(['data'])) return;
    const hasRequests =
      dataColumn(config, 'impressions', 'request') !== undefined || !document.has(['data', 'impressions', 'columns']);
    for (const entry of passThroughEntries(config)) {
      const { from, column, side } = entry.keys;
      if (from !== undefined && !document.has(datasetPath(from))) {
        yield {
          at: passThroughPath(entry),
          message: message('This needs data.{0}, which is missing in the config', from),
        };
        continue;
      }
      if (from !== undefined) {
        const resolution = passedColumn(entry.keys, passedSources(config));
        if ('kind' in resolution && resolution.kind !== 'missing' && resolution.kind !== 'several') {
          yield passThroughReport(resolution, entry, document);
          continue;
        }
      }
      const isOfCandidate = side === 'candidate' || (side === undefined && from === 'candidates');
      const stage = stages.find(({ unit }) => unit !== undefined && unit !== 'request');
      if (isOfCandidate && !hasRequests && stage && datasetEntry(config, 'candidates'))
        yield {
          at: passThroughPath(entry),
          stage: stage.name,
          message: message('{0} has the side candidate, but the impressions have no requests', column),
          details: [message('Candidates are found by user, request and item.')],
          fixes: [],
        };
    }
  },
  docs: {
    summary: 'A pass-through column has a `side` or `max_age` that its data set does not support',
    why: `The data set of a column decides whose value it can be. \`data.items\` knows items, \`data.users\` knows users,
\`data.candidates\` knows candidates of a request. Only the log knows exposures and contexts.

\`max_age\` limits the age of an as-of value. It applies only to \`from: impressions\` with \`side: item\`, because
other columns have no age.

\`from: candidates\` needs request ids in the log.`,
    source: 'By definition of `output.pass_through`.',
    wrong: {
      text: changed('recall', [
        'pass_through: [city, category]',
        'pass_through: [category, {column: city, from: items, side: exposure}]',
      ]),
      reportedAt: '{column: city, from: items, side: exposure}',
    },
    right: {
      text: changed('recall', [
        'pass_through: [city, category]',
        'pass_through: [category, {column: city, from: items, side: item}]',
      ]),
    },
  },
});
