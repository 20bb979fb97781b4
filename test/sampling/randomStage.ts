import type { Dice } from './dice.ts';
import type { Traits } from './randomTables.ts';
import type { EntryDraft, NegativesDraft, StageDraft } from './world.ts';

const oddNames = ['a', 'Z', '同城', '\u{1F600}', '\uff5e', 'b_2', 'e\u0301'];
type Unit = StageDraft['unit'];

/** A stage of the given unit whose entries find their data in a world with these traits. */
export function randomStage(dice: Dice, traits: Traits, unit: Unit): StageDraft {
  const events = eventsOf(dice, traits);
  const positives = {
    events,
    ...(dice.chance(0.3) ? { downsample_hot: { threshold: dice.pick([0.001, 0.02, 0.1, 1]) } } : {}),
    ...(dice.chance(0.3) ? { max_per_user_per_day: dice.whole(1, 3) } : {}),
  };
  const negatives = unit === 'impression' ? exposures(dice, traits) : drawn(dice, traits, unit);
  // Chosen last, so that existing worlds do not change.
  const training =
    unit === 'positive' && dice.chance(0.7)
      ? {
          training: {
            in_batch: {
              batch_size: dice.pick([2, 3, 7, 64]),
              ...(dice.chance(0.5) ? { mask_same_item: dice.chance(0.3) } : {}),
            },
          },
        }
      : {};
  const corrected = correctedTraining(dice, training);
  const isCorrected = ![undefined, false].some((none) => corrected.training?.['logq'] === none);
  const isDistinct = unit !== 'impression' && !isCorrected && dice.chance(0.7);
  return { unit, positives, negatives: { ...negatives, ...(isDistinct ? { distinct: true } : {}) }, ...corrected };
}

/** Most of them, because every other column is checked in the same run. */
function correctedTraining(
  dice: Dice,
  { training }: { readonly training?: Record<string, unknown> },
): { readonly training?: Record<string, unknown> } {
  const logq = dice.pick<boolean | string | null>([
    'shares',
    'shares',
    'shares',
    'corpus',
    'corpus',
    true,
    false,
    null,
  ]);
  if (logq === null) return training ? { training } : {};
  const batch = training?.['in_batch'];
  return {
    training: {
      ...training,
      ...(logq === 'shares' && batch && dice.chance(0.5)
        ? { in_batch: { ...batch, weight: dice.pick([0.3, 0.9]) } }
        : {}),
      logq,
    },
  };
}

function eventsOf(dice: Dice, traits: Traits): Record<string, number> {
  const names = dice.some(['click', 'long_play', ...(traits.hasClicks ? ['buy'] : [])], dice.whole(1, 3));
  return Object.fromEntries(names.map((name) => [name, dice.pick([1, 1, 2, 0.5])]));
}

function exposures(dice: Dice, traits: Traits): NegativesDraft {
  return {
    mix: {
      ...(dice.chance(0.5)
        ? { exposed_unclicked: { share: 1, ...seen(dice, traits) } }
        : { shown: { source: 'exposed_unclicked', share: 1, ...seen(dice, traits) } }),
    },
    ...(dice.chance(0.6)
      ? {
          downsample: dice.pick([0.1, 0.5, 1]),
          ...(dice.chance(0.8) ? { calibration: dice.pick(['weight', 'formula']) } : {}),
        }
      : {}),
  };
}

function drawn(dice: Dice, traits: Traits, unit: Unit): NegativesDraft {
  const possible = sourcesOf(traits, unit);
  const sources = Array.from({ length: dice.whole(1, 6) }, () => dice.pick(possible));
  const odd = dice.shuffled(oddNames);
  const named = new Map<string, string>();
  for (const source of sources)
    named.set(named.has(source) || dice.chance(0.2) ? (odd.pop() ?? source) : source, source);
  const names = [...named.keys()];
  const key = unit === 'positive' ? 'per_positive' : 'per_request';
  const most = traits.size === 'heavy' ? 24 : 12;
  const options = (name: string): Record<string, unknown> => ({
    ...(name === named.get(name) ? {} : { source: named.get(name) }),
    ...optionsOf(dice, traits, named.get(name) ?? ''),
  });
  const entry = (name: string, amountKey: 'share' | 'count', amount: number): EntryDraft => {
    const more = options(name);
    // An option with the name of the amount cannot be used together with it.
    if (amountKey === 'count') delete more['count'];
    return Object.keys(more).length === 0 ? amount : { ...more, [amountKey]: amount };
  };
  const shares = dice.chance(0.5) ? sharesOf(dice, names.length) : null;
  const amounts = names.map((_, k) => shares?.[k] ?? dice.whole(0, 6));
  const entries = Object.fromEntries(
    names.map((name, k) => [name, entry(name, shares ? 'share' : 'count', amounts[k] ?? 0)]),
  );
  return {
    ...(shares ? { [key]: dice.whole(1, most), mix: entries } : { [key]: entries }),
    ...(dice.chance(0.6) ? { exclude: excludeOf(dice, traits) } : {}),
    ...(dice.chance(0.3)
      ? { on_shortfall: 'refill', refill_from: dice.pick(names) }
      : dice.chance(0.1)
        ? { on_shortfall: 'fail' }
        : {}),
  };
}

/** Hundredths that sum to 1, except for rounding of doubles. */
function sharesOf(dice: Dice, count: number): number[] {
  const cuts = [0, ...Array.from({ length: count - 1 }, () => dice.whole(0, 100)), 100].sort((a, b) => a - b);
  return cuts.slice(1).map((cut, k) => (cut - (cuts[k] ?? 0)) / 100);
}

function sourcesOf(traits: Traits, unit: Unit): string[] {
  return [
    'exposed_unclicked',
    'exposed_unclicked',
    'exposed_random',
    ...(traits.hasItems ? ['global_random', 'popularity', 'popularity'] : []),
    ...(traits.hasItems && unit === 'positive' ? ['same_attribute'] : []),
    ...(traits.hasRejections ? ['rejected'] : []),
    ...(traits.hasCandidates
      ? ['hard_rank', 'hard_score', 'ranked_unexposed', 'coarse_filtered', 'coarse_filtered']
      : []),
  ];
}

/** A random subset of the options. */
function optionsOf(dice: Dice, traits: Traits, source: string): Record<string, unknown> {
  const maybe = (key: string, value: () => unknown, probability = 0.5): Record<string, unknown> =>
    dice.chance(probability) ? { [key]: value() } : {};
  const own = { ...maybe('exclude', () => excludeOf(dice, traits), 0.25) };
  const turns = (): Record<string, unknown> => maybe('by', () => 'channel');
  switch (source) {
    case 'exposed_unclicked':
      return {
        ...own,
        ...maybe('scope', () => dice.pick(['request_then_user', 'request', 'user'])),
        ...seen(dice, traits),
        ...maybe('before', () => dice.chance(0.5), 0.4),
      };
    case 'global_random':
      return {
        ...own,
        ...maybe(
          'where',
          () =>
            dice.pick<Record<string, unknown>>([
              { city: 'Oslo' },
              { category: [1, 2] },
              { price: { op: '>', value: 20 } },
              { status: { op: '!=', value: 'offline' } },
            ]),
          0.3,
        ),
      };
    case 'popularity':
      return {
        ...own,
        ...maybe('exponent', () => dice.pick([0, 0.3, 0.5, 1, 0.75])),
        ...maybe('count', () => dice.pick(['impressions', ...eventNames(traits)])),
        ...maybe('smoothing', () => dice.pick([0, 1, 0.5]), 0.4),
        ...(dice.chance(0.4)
          ? { as_of: 'day', ...maybe('window', () => dice.pick(['1d', '2d', '7d'])) }
          : {
              ...maybe('window', () => dice.pick(['1d', '36h', '7d']), 0.3),
              ...maybe('as_of', () => dice.pick(['cut', '2026-11-05', '2026-11-08T12:00:00']), 0.2),
            }),
        ...(traits.hasUsers ? maybe('group_by', () => dice.pick(['region', 'level', ['region', 'level']])) : {}),
      };
    case 'exposed_random':
      return { ...own, ...maybe('weight', () => dice.pick(['impressions', 'uniform'])) };
    case 'same_attribute':
      return {
        ...own,
        match: dice.pick([['city'], ['category'], ['city', 'category']]),
        ...maybe('weight', () => dice.pick(['uniform', 'popularity'])),
      };
    case 'hard_rank':
      return {
        ...own,
        ranks: dice.pick([
          [1, 4],
          [2, 100],
          [3, 3],
        ]),
        ...maybe('channel', () => dice.pick(['i2i', '双塔']), 0.3),
      };
    case 'hard_score':
      return {
        ...own,
        ...maybe('skip', () => dice.whole(0, 4)),
        ...maybe('top', () => dice.whole(1, 6)),
        ...maybe('by', () => dice.pick(['score', 'teacher'])),
      };
    case 'ranked_unexposed':
    case 'coarse_filtered':
      return { ...own, ...turns() };
    default:
      return own;
  }
}

function seen(dice: Dice, traits: Traits): Record<string, unknown> {
  const last = traits.requestKind === 'none' ? [] : ['above_last_click+0', 'above_last_click+2'];
  return {
    ...(dice.chance(0.6) ? { seen: dice.pick(['all', 'viewed', ...last]) } : {}),
    ...(dice.chance(0.3) ? { mature_after: dice.pick(['30m', '12h', '2d']) } : {}),
  };
}

const eventNames = (traits: Traits): string[] => ['click', 'long_play', ...(traits.hasClicks ? ['buy'] : [])];

function excludeOf(dice: Dice, traits: Traits): unknown {
  if (dice.chance(0.25)) return 'none';
  return {
    ...(dice.chance(0.6) ? { events: dice.some(['impressions', ...eventNames(traits)], dice.whole(1, 2)) } : {}),
    ...(dice.chance(0.5) ? { within: dice.pick(['train', 'all']) } : {}),
    ...(dice.chance(0.5) ? { lookback: dice.pick(['1d', '3d', '90s']) } : {}),
  };
}
