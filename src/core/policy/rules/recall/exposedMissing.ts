import { message } from '../../../report/message.ts';
import { changed } from '../../examples/example.ts';
import { recallCounting, recallMixing } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { adding } from '../../shareFix.ts';
import { mixAt, partsOf } from '../../shares.ts';

export const exposedMissing = defineRule({
  id: 'recall/exposed-missing',
  kind: 'config',
  severity: 'info',
  stages: ['recall'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const parts = partsOf(stage, document);
    const at = mixAt(stage);
    if (!parts || !at || parts.length === 0 || parts.some(({ source }) => source.name === 'exposed_unclicked')) return;
    yield {
      at,
      on: 'key',
      message: message('No negative is exposed_unclicked: nothing tells the model what the user saw and left'),
      details: [message('Most mixes keep a part of it; some teams found that they can drop it.')],
      fixes: adding('exposed_unclicked', 0.3, { stage, document, parts }),
    };
  },
  docs: {
    summary: 'None of the negatives of recall is an exposed-unclicked item',
    why: `Drawn items are mostly unlike anything that the user wants, so they teach the coarse distinctions. What the user saw and did not choose is close to the
taste and still no: it teaches the fine ones. Practice is to keep a part of it in the mix.

It is not a must. Exposures carry position bias, and an unclicked item may have been wanted but not seen; some teams got better online results without them,
or with them only as hard negatives of low weight. If that was measured for your system, switch this rule off.`,
    source: `Practice of recommender teams, not one paper. The published evidence points both ways: Huang et al. (KDD 2020) warn against unclicked impressions as
the only negatives and do not need them; example configs of open frameworks such as EasyRec offer them as hard negatives beside drawn ones. So this only informs.`,
    wrong: {
      text: recallMixing([
        'popularity: {share: 0.6, exponent: 0.75, count: click, window: 7d, group_by: region}',
        'global_random: 0.4',
      ]),
      reportedAt: 'mix',
    },
    right: { text: changed('recall') },
    valid: [
      { text: recallMixing(['shown: {source: exposed_unclicked, share: 0.1}', 'global_random: 0.9']) },
      { text: recallMixing(['exposed_unclicked:', 'global_random: 0.9']) },
    ],
    invalid: [
      {
        text: recallMixing(['exposed_unclicked: 0', 'global_random: 1']),
        reportedAt: 'mix',
        companions: ['config/zero-quota'],
      },
      // What others were shown is not what this user left.
      {
        text: recallCounting(['exposed_random: 4', 'popularity: {count: 6, smoothing: 1, group_by: region}']),
        reportedAt: 'per_positive',
      },
    ],
  },
});
