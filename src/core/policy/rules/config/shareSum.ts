import type { ConfigDocument } from '../../../config/document.ts';
import { setValue } from '../../../config/edits.ts';
import type { Entry, StageView } from '../../../config/entries.ts';
import type { TextFix } from '../../../config/problem.ts';
import { message } from '../../../message/message.ts';
import { amountOf } from '../../amount.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { arePercentages, hundredth, normalised, remainder, SHARE_TOLERANCE, sumOf } from '../../shareText.ts';

export const shareSum = defineRule({
  id: 'config/share-sum',
  kind: 'config',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  *check({ stage, document }): Iterable<Report> {
    const at = [...stage.path, 'negatives', 'mix'];
    const mix = document.locate(at).value;
    // If an invalid entry was left out, the sum means nothing.
    if (stage.amounts !== 'shares' || mix?.kind !== 'map' || mix.pairs.length !== stage.entries.length) return;
    const shares = stage.entries.flatMap(({ share }) => share ?? []);
    if (shares.length !== stage.entries.length) return;
    const sum = sumOf(shares);
    if (Math.abs(sum - 1) <= SHARE_TOLERANCE) return;
    const percentages = arePercentages(shares);
    const rounded = Number(sum.toPrecision(12));
    yield {
      at,
      on: 'key',
      fixes: fixesOf({ stage, document }, percentages),
      elsewhere: stage.entries.map((entry) => ({
        at: entry.path,
        fix: percentages ? null : fillFix(entry, stage, document),
      })),
      message: percentages
        ? message('The shares sum to {0}, not 1: they are written as percentages', rounded)
        : message('The shares sum to {0}, not 1', rounded),
    };
  },
  docs: {
    summary: 'The shares of a mix do not sum to 1',
    why: `A mix gives the share of each entry in the negatives. If the shares do not sum to 1, a sampler must guess:
fill up, cut off or scale. Each choice gives different rows, and the number of negatives per positive no longer matches
the config. Usually, one share was changed and the others were not.`,
    source: `Arithmetic. The sum may differ from 1 by 1e-9, because decimals such as 0.1 + 0.2 are not exact in
binary.`,
    wrong: { text: changed('recall', ['global_random: 0.2', 'global_random: 0.3']), reportedAt: 'mix' },
    right: { text: changed('recall') },
  },
});

function fixesOf(
  { stage: { entries }, document }: Pick<RuleContext, 'stage' | 'document'>,
  percentages: boolean,
): TextFix[] {
  const amounts = entries.flatMap((entry) => amountOf(entry, 'share', document) ?? []);
  // A share from a variable or an alias may also be used elsewhere.
  if (amounts.length !== entries.length) return [];
  const texts = amounts.map(({ node }) => node.source);
  const scaled = percentages ? texts.map(hundredth) : normalised(texts);
  if (!scaled) return [];
  const changes = amounts.flatMap(({ path }, k) =>
    scaled[k] === texts[k] ? [] : setValue(document, path, scaled[k] ?? ''),
  );
  return [
    {
      title: percentages ? message('Divide the shares by 100') : message('Scale the shares to sum to 1'),
      changes,
      safe: percentages,
    },
  ];
}

/** Gives one entry the rest up to 1. Null if nothing is left, or if its share is a variable or an alias. */
function fillFix(entry: Entry, { entries }: StageView, document: ConfigDocument): TextFix | null {
  const amount = amountOf(entry, 'share', document);
  const remaining = remainder(entries.flatMap((other) => (other === entry ? [] : (other.share ?? []))));
  if (!amount || remaining === null) return null;
  return {
    title: message('Set {0} to the rest ({1})', entry.name, remaining),
    changes: setValue(document, amount.path, remaining),
    safe: false,
  };
}
