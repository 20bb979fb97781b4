import type { Entry } from '../../../config/entries.ts';
import { setValue } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { setOption } from '../../amount.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

export const emptySource = defineRule({
  id: 'config/empty-source',
  kind: 'config',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  *check({ stage, config, document }): Iterable<Report> {
    // The unit impression excludes nothing.
    if (stage.unit === 'impression') return;
    const positives = Object.keys(stage.draft.positives?.events ?? {});
    for (const entry of stage.entries) {
      const { source, exclude } = entry;
      if (exclude === undefined || exclude === 'none') continue;
      const events = exclude.events ?? positives;
      const location: Pick<Report, 'at' | 'on'> =
        entry.options.exclude === undefined ? { at: entry.path, on: 'key' } : { at: [...entry.path, 'exclude'] };
      if (source?.name === 'exposed_unclicked' && events.includes('impressions')) {
        yield {
          ...location,
          message: message(
            'Impressions are excluded, but exposed_unclicked draws only from impressions: nothing is left to draw',
          ),
          fixes: exposureFixes(entry, events, document),
        };
      }
      if (
        source?.name === 'rejected' &&
        config.data?.rejections?.kind === 'by_owner' &&
        events.some((event) => event === 'impressions' || positives.includes(event))
      ) {
        yield {
          ...location,
          message: message(
            'Owners reject users who wanted the item. Excluding what the user chose leaves nothing to draw',
          ),
          fixes: [withoutEntry(entry, document)],
        };
      }
    }
  },
  docs: {
    summary: 'An exclusion leaves no item that the source can draw',
    why: `An exclusion keeps items that the user chose from becoming negatives. Some sources contain only items that
such an exclusion removes:

- \`exposed_unclicked\` draws from the user's impressions. If impressions are excluded, nothing is left.
- A rejection by the owner (\`kind: by_owner\`) starts with a user who wanted the item. If clicks are excluded, nothing
  is left.

The entry then has a shortfall in every group.

\`exposed_unclicked\` already leaves out the user's positives. Rejections by owners exclude nothing unless their entry
sets \`exclude\`. An entry's own \`exclude\` replaces the \`exclude\` of the stage.`,
    source: `The definitions of the sources. Negatives rejected by the owner come from Grbovic and Cheng, *Real-time
Personalization using Embeddings for Search Ranking at Airbnb* (KDD 2018): hosts who rejected a guest that asked to
book.`,
    wrong: {
      text: changed('recall', [
        '{share: 0.3, seen: viewed, mature_after: 30m}',
        '{share: 0.3, seen: viewed, exclude: {events: [impressions, click]}}',
      ]),
      reportedAt: '{events: [impressions, click]}',
    },
    right: {
      text: changed('recall', ['global_random: 0.2', 'global_random: {share: 0.2, exclude: {events: [impressions]}}']),
    },
  },
});

function exposureFixes(entry: Entry, events: readonly string[], document: RuleContext['document']): TextFix[] {
  const others = events.filter((event) => event !== 'impressions');
  if (entry.options.exclude === undefined || others.length === 0) return [withoutEntry(entry, document)];
  const changes = setValue(document, [...entry.path, 'exclude', 'events'], written(others, document.language));
  return [{ title: message('Do not exclude impressions'), changes, safe: false }, withoutEntry(entry, document)];
}

function withoutEntry(entry: Entry, document: RuleContext['document']): TextFix {
  return {
    title: message('Set exclude: none for {0}', entry.name),
    changes: setOption(entry, 'exclude', written('none', document.language), document),
    safe: false,
  };
}
