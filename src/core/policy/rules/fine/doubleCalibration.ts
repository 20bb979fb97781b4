import { removePair, setValue } from '../../../config/edits.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { weighsBack } from '../../calibration.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';

export const events = ['events: {click: 1}', 'events: {click: 0.1}'] as const;
export const formula = ['calibration: weight', 'calibration: formula'] as const;

export const doubleCalibration = defineRule({
  id: 'fine/double-calibration',
  kind: 'config',
  severity: 'error',
  stages: ['fine_ranking'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const at = [...stage.path, 'negatives', 'calibration'];
    const value = document.locate(at).value;
    if (document.has(at) && value?.kind === 'list') {
      const ways = value.items.flatMap((item) => (item.kind === 'scalar' ? [item.value] : []));
      if (!ways.includes('weight') || !ways.includes('formula')) return;
      yield {
        at,
        message: message('Calibrated twice, by weight and by formula: predicted click rates become too low. Keep one'),
        fixes: ['weight', 'formula'].map((way) => ({
          title: message('Keep {0}', way),
          changes: setValue(document, at, written(way, document.language)),
          safe: false,
        })),
      };
      return;
    }
    const { calibration, downsample } = stage.draft.negatives ?? {};
    if (calibration === undefined || downsample === undefined || !weighsBack(stage)) return;
    yield {
      at,
      message: message('Calibrated twice: by positives of weight {0} and by {1}', downsample, calibration),
      details: [
        message(
          'The weight of the positives equals the fraction of the negatives that is kept. Remove calibration, or set the weight of the events to 1.',
        ),
      ],
      fixes: [{ title: message('Remove calibration'), changes: removePair(document, at), safe: false }],
    };
  },
  docs: {
    summary: 'Downsampled negatives are calibrated twice',
    why: `Downsampling the negatives to the fraction w multiplies the odds of a click by 1/w. There are two ways to
correct this:

- Weights in training: 1/w on the kept negatives, or w on the positives. The model then predicts the true rate.
- The formula when serving: q = p / (p + (1 − p) / w), for a model that was trained without weights.

Both together divide the odds by 1/w twice. With w = 0.1, a true rate of 2 % is served as 0.2 %.

The rule reports \`calibration: [weight, formula]\`. It also reports a calibration if every event has the value of
\`downsample\` as its weight.`,
    source: `Arithmetic, from the formula of He et al., *Practical Lessons from Predicting Clicks on Ads at Facebook*
(ADKDD 2014), which is for models trained without weights. So the severity is error.`,
    wrong: { text: changed('fine_ranking', events, formula), reportedAt: 'formula', after: 'calibration: ' },
    right: { text: changed('fine_ranking', formula) },
  },
});
