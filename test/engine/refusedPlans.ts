import { mix, type RefusedWorld } from './refusedWorld.ts';

/** Worlds in which the config alone is refused. */
export const refusedPlans = {
  'unit-missing': { change: [['    unit: positive\n', '']], at: 'recall', after: 'stages:', says: /There is no unit/ },
  'positives-missing': {
    change: [['      events: {click: 1}\n    negatives', '      events: {}\n    negatives']],
    at: 'positives',
    says: /No event is a positive/,
  },
  'positive-undeclared': {
    change: [['events: {click: 1}', 'events: {click: 1, buy: 2}']],
    at: 'buy',
    says: /There is no event buy under events/,
    previews: true,
  },
  'negatives-missing': {
    change: [[mix, '']],
    at: 'negatives',
    says: /No negatives are drawn/,
    previews: true,
  },
  'amount-missing': {
    change: [['      per_positive: 2\n', '']],
    at: 'negatives',
    says: /The number of negatives is missing/,
    previews: true,
  },
  'share-sum': {
    change: [['global_random, share: 0.5', 'global_random, share: 0.6']],
    at: 'mix',
    says: /The shares sum to 1.1/,
    previews: true,
  },
  'refill-missing': {
    change: [['      per_positive: 2\n', '      per_positive: 2\n      on_shortfall: refill\n']],
    at: 'refill',
    says: /refill_from does not name an entry/,
    previews: true,
  },
  'refill-undeclared': {
    change: [
      ['      per_positive: 2\n', '      per_positive: 2\n      on_shortfall: refill\n      refill_from: nobody\n'],
    ],
    at: 'nobody',
    says: /There is no entry nobody to refill from/,
    previews: true,
  },
  'exclude-undeclared': {
    change: [['exclude: {events: [click]}', 'exclude: {events: [buy]}']],
    at: 'buy',
    says: /There is no event buy under events/,
    previews: true,
  },
  'in-batch-weight': {
    change: [[mix, `${mix}    training: {in_batch: {batch_size: 2, weight: 0.3}}\n`]],
    at: 'weight',
    says: /The weight of in-batch negatives is left out/,
    previews: true,
  },
  'distinct-logq': {
    change: [
      [mix, `${mix}    training: {logq: shares}\n`],
      ['      per_positive: 2\n', '      per_positive: 2\n      distinct: true\n'],
    ],
    at: 'distinct',
    says: /distinct is left out: with training.logq/,
    previews: true,
  },
  'entry-impression-unit': {
    base: 'fine',
    change: [['exposed_unclicked: 1', 'exposed_unclicked: 0.5\n        global_random: 0.5']],
    at: 'global_random',
    says: /global_random is left out: nothing is drawn if the unit is impression/,
    previews: true,
  },
  'entry-reserved-name': {
    change: [['random: {source', '"@random": {source']],
    at: '"@random"',
    says: /names that begin with @ are reserved/,
    previews: true,
  },
  'entry-unknown-source': {
    change: [['random: {source: global_random, share: 0.5}', 'randomly: 0.5']],
    at: 'randomly',
    says: /randomly is left out: neither its name/,
    previews: true,
  },
  'entry-amount-missing': {
    change: [['{source: global_random, share: 0.5}', '{source: global_random}']],
    at: 'random',
    after: 'smoothing: 1}',
    says: /random is left out/,
    previews: true,
  },
  'entry-option': {
    change: [['smoothing: 1', 'smoothing: 1, as_of: day, window: 36h']],
    at: '36h',
    says: /the window must be a number of whole days/,
    previews: true,
  },
} as const satisfies Readonly<Record<string, RefusedWorld>>;
