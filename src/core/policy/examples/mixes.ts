import { changed } from './example.ts';

type Replacement = readonly [from: string, to: string];

/** Replacement for `changed`: the example of recall without in-batch negatives. */
export const withoutInBatch: Replacement = [', in_batch: {batch_size: 1024, weight: 0.3}', ''];

/** Replacement for `changed`: the example of recall whose in-batch negatives count like drawn ones. */
export const withoutWeight: Replacement = [', weight: 0.3', ''];

/** Replacement for `changed`: the example of recall with batches that do not need a weight. */
export const smallBatches: Replacement = ['{batch_size: 1024, weight: 0.3}', '{batch_size: 64}'];

/** Replacement for `changed`: the example of recall in the order of users. */
export const inUserOrder: Replacement = [', order: shuffled', ''];

/** Replacement for `changed`: the example of recall keeps what an entry is short of. */
export const keepingShortfalls: Replacement = [
  '      on_shortfall: refill\n      refill_from: global_random\n',
  '      on_shortfall: keep\n',
];

const recallMix = `      mix:
        exposed_unclicked: {share: 0.3, seen: viewed, mature_after: 30m}
        popularity: {share: 0.4, exponent: 0.75, count: click, window: 7d, group_by: region}
        global_random: 0.2
        same_city: {source: same_attribute, match: [city], share: 0.05}
        host_refused: {source: rejected, share: 0.05, exclude: none}
`;

/** The example of recall with other entries in its mix, such as `global_random: 0.5`. */
export function recallMixing(entries: readonly string[], ...replacements: readonly Replacement[]): string {
  return changed(
    'recall',
    [recallMix, `      mix:\n${entries.map((entry) => `        ${entry}\n`).join('')}`],
    keepingShortfalls,
    ...replacements,
  );
}

/** The example of recall with counts per positive instead of a mix, such as `global_random: 5`. */
export function recallCounting(entries: readonly string[], ...replacements: readonly Replacement[]): string {
  return changed(
    'recall',
    ['      per_positive: 10\n', `      per_positive: {${entries.join(', ')}}\n`],
    [recallMix, ''],
    keepingShortfalls,
    ...replacements,
  );
}

/** The example of coarse ranking with other counts per request, such as `exposed_unclicked: 10`. */
export function coarseCounting(entries: readonly string[], ...replacements: readonly Replacement[]): string {
  return changed(
    'coarse_ranking',
    [
      '{exposed_unclicked: 10, ranked_unexposed: 10, coarse_filtered: {count: 40, by: channel}}',
      `{${entries.join(', ')}}`,
    ],
    ...replacements,
  );
}

/** The example of coarse ranking with a mix of shares instead of counts. */
export function coarseMixing(entries: readonly string[], ...replacements: readonly Replacement[]): string {
  return changed(
    'coarse_ranking',
    [
      'per_request: {exposed_unclicked: 10, ranked_unexposed: 10, coarse_filtered: {count: 40, by: channel}}',
      `per_request: 60\n      mix: {${entries.join(', ')}}`,
    ],
    ...replacements,
  );
}
