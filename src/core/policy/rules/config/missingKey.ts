import { isLongForm } from '../../../config/longForms.ts';
import { insertPair } from '../../../config/edits.ts';
import { written } from '../../../config/written.ts';
import { message } from '../../../message/message.ts';
import { clicksOf, datasetPath, datasetsOf, stageOfSamples } from '../../../data/dataColumns.ts';
import { changed } from '../../examples/example.ts';
import { problemReports } from '../../problemReports.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';

export const missingKey = defineRule({
  id: 'config/missing-key',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check(context): Iterable<Report> {
    yield* problemReports('config/missing-key', context);
    yield* missingPaths(context);
    yield* missingItems(context);
    yield* refills(context);
  },
  docs: {
    summary: 'A required key is missing',
    why: `A stage needs \`unit\`, an entry of the mix needs a share, and impressions need a time. No default would be
right for every config, so the config must set these keys. An entry of \`data\` names the place of its rows: \`path\`,
or \`table\` for the Spark job. \`on_shortfall: refill\` needs \`refill_from\`, the entry to refill from.`,
    source: 'The definition of the config language.',
    wrong: {
      text: changed('recall', ['same_attribute, match: [city], share: 0.05', 'same_attribute, share: 0.05']),
      reportedAt: 'same_city',
    },
    right: { text: changed('recall') },
  },
});

/** Reports an entry of `data` without `path` and `table`. */
function* missingPaths({ document, config }: RuleContext): Iterable<Report> {
  for (const name of datasetsOf(config)) {
    const at = datasetPath(name);
    if (
      !document.has(at) ||
      document.locate(at).value?.kind !== 'map' ||
      document.has([...at, 'path']) ||
      document.has([...at, 'table']) ||
      isLongForm(document, name)
    )
      continue;
    yield {
      at,
      on: 'key',
      message: stageOfSamples(name)
        ? message('data.{0} has no path', name)
        : message('data.{0} has neither path nor table', name),
    };
  }
}

/** Reports a table of events with neither items nor values. */
function* missingItems({ document, config }: RuleContext): Iterable<Report> {
  for (const { name } of clicksOf(config)) {
    const at = [...datasetPath(name), 'columns'];
    if (!document.has(at) || document.locate(at).value?.kind !== 'map') continue;
    if (!['item', 'value'].some((role) => document.has([...at, role])))
      yield { at, on: 'key', message: message('data.{0} has neither the column item nor the column value', name) };
  }
}

function* refills({ stages, document }: RuleContext): Iterable<Report> {
  for (const {
    name: stage,
    path,
    draft: { negatives },
    entries,
  } of stages) {
    if (negatives?.on_shortfall !== 'refill' || document.has([...path, 'negatives', 'refill_from'])) continue;
    const from =
      entries.find(({ source }) => source?.draws === 'pool' && source.reachesCorpus) ??
      entries.find(({ source }) => source?.draws === 'pool');
    yield {
      at: [...path, 'negatives', 'on_shortfall'],
      stage,
      message: message('refill needs refill_from: the entry that fills the gaps'),
      fixes: from
        ? [
            {
              title: message('Refill from {0}', from.name),
              changes: insertPair(
                document,
                [...path, 'negatives'],
                'refill_from',
                written(from.name, document.language),
                'on_shortfall',
              ),
              safe: false,
            },
          ]
        : [],
    };
  }
}
