import { removePair } from '../../../config/edits.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const zeroQuota = defineRule({
  id: 'config/zero-quota',
  kind: 'config',
  severity: 'info',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {
    min: {
      kind: 'number',
      fallback: 100,
      min: 1,
      max: 1_000_000_000,
      doc: message('An entry must draw at least once in this many groups'),
    },
  },
  *check({ stage, document, options: { min } }): Iterable<Report> {
    for (const { path, quota, share, name } of stage.entries) {
      const nothing = quota === 0 || (share === 0 && stage.unit !== 'impression');
      if (!nothing && (quota === null || quota * min >= 1)) continue;
      const text = nothing
        ? message('{0} draws nothing', name)
        : message('{0} draws once in {1} groups', name, Math.round(1 / (quota ?? 1)));
      yield {
        at: path,
        on: 'key',
        message: text,
        fixes: nothing
          ? [{ title: message('Remove {0}', name), changes: removePair(document, path), safe: false }]
          : [],
      };
    }
  },
  docs: {
    summary: 'An entry gets no draw, or less than one draw in many groups',
    why: `A share of 0.0005 of ten negatives is one draw in two hundred positives. This may be intended, and it is
exact: RecSample rounds quotas so that every entry gets its expected number over all groups. More often, a percentage
was divided twice, or an entry was switched off and forgotten. Such an entry can hardly teach the model anything, but
its pool still has a cost.`,
    source: `The limit of one draw in 100 groups is our choice: below it, an entry is worth a look. It is not a measured
bound, so the severity is info.`,
    wrong: {
      text: changed(
        'recall',
        ['global_random: 0.2', 'global_random: 0.1999'],
        [
          '        same_city:',
          '        city_random: {source: global_random, share: 0.0001, where: {city: Paris}}\n        same_city:',
        ],
      ),
      reportedAt: 'city_random',
    },
    right: {
      text: changed(
        'recall',
        ['global_random: 0.2', 'global_random: 0.19'],
        [
          '        same_city:',
          '        city_random: {source: global_random, share: 0.01, where: {city: Paris}}\n        same_city:',
        ],
      ),
    },
  },
});
