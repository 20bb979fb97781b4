import { setValue } from '../../../config/edits.ts';
import type { TextFix } from '../../../config/problem.ts';
import { message } from '../../../message/message.ts';
import { recallMixing } from '../../examples/mixes.ts';
import { defineRule, type Report } from '../../rule.ts';
import { mixAt, partsOf, type Part } from '../../shares.ts';

/** True also for candidates: a recall channel may return new items, and the config does not show this. */
function mayReachColdItems({ source, entry: { options } }: Part): boolean {
  if (source.reachesColdItems || source.inputs.some(({ dataset }) => dataset === 'candidates')) return true;
  return source.name === 'popularity' && typeof options['smoothing'] === 'number' && options['smoothing'] > 0;
}

export const coldItems = defineRule({
  id: 'recall/cold-items',
  kind: 'config',
  severity: 'info',
  stages: ['recall'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const parts = partsOf(stage, document);
    const at = mixAt(stage);
    if (!parts || !at || parts.length === 0 || parts.some(mayReachColdItems)) return;
    // A shorthand entry cannot have options.
    const popular = parts.filter(
      ({ source, entry: { path } }) => source.name === 'popularity' && document.locate(path).value?.kind === 'map',
    );
    const fixes = popular.map(({ entry: { name, path } }): TextFix => ({
      title: message('Set smoothing of {0} to 1', name),
      changes: setValue(document, [...path, 'smoothing'], '1'),
      safe: false,
    }));
    yield {
      at,
      on: 'key',
      fixes,
      message: message('No entry draws items without events, such as new ones'),
      details: [
        message(
          'They are never negatives, so the model may recommend them to every user. Add global_random, or set smoothing of popularity above 0.',
        ),
      ],
    };
  },
  docs: {
    summary: 'No entry of recall can draw items that have no events yet',
    why: `New items have no clicks and no impressions. Sources that count events never draw them. \`popularity\` without
\`smoothing\` gives them the weight 0, and exposures and in-batch negatives contain only items that were shown. When
serving, new items are ranked like all others. Training has hardly changed their id embeddings. With content features,
they lie in a region where training had no negatives.

\`global_random\` and \`same_attribute\` draw new items, and so does \`popularity\` with \`smoothing\` above 0. The
results of recall channels may or may not contain new items. So the rule reports nothing if an entry draws from them.`,
    source: `This follows from how the sources draw. The effect depends on how many items are new.
It also depends on whether your model can tell new items apart at all; a model that uses only ids cannot. So the
severity is info.`,
    wrong: {
      text: recallMixing([
        'exposed_unclicked: {share: 0.3, seen: viewed, mature_after: 30m}',
        'popularity: {share: 0.7, exponent: 0.75, count: click, window: 7d, group_by: region}',
      ]),
      reportedAt: 'mix',
    },
    right: {
      text: recallMixing([
        'exposed_unclicked: {share: 0.3, seen: viewed, mature_after: 30m}',
        'popularity: {share: 0.7, exponent: 0.75, count: click, smoothing: 1, window: 7d, group_by: region}',
      ]),
    },
  },
});
