import type { PlanEntry } from '../../src/core/sampling/plan/stagePlan.ts';
import { poolOf } from '../../src/core/source/options.ts';
import type { Stage } from '../../src/core/schema/stage.ts';
import type { Knob, SamplerParams, SamplerSummary } from '../../src/protocol/preview.ts';

/** The parts of a config that the fake samples from. Lines are those of the text in the screenshot. */
export interface FakeConfig {
  seed: string;
  perGroup: number;
  shares: Record<string, number>;
  exponent: number;
  /** `available_after` of the sequence `clicks`, in minutes. */
  delay: number;
}
export const freshConfig = (): FakeConfig => ({
  seed: 'spring-campaign',
  perGroup: 10,
  shares: { exposed_unclicked: 0.3, popularity: 0.4, global_random: 0.2, hard_rank: 0.1 },
  exponent: 0.75,
  delay: 1,
});

const lineOf: Readonly<Record<string, number>> = {
  perGroup: 24,
  exposed_unclicked: 29,
  popularity: 31,
  exponent: 32,
  delay: 44,
  global_random: 34,
  hard_rank: 36,
};
const families: Readonly<Record<string, NonNullable<Knob['family']>>> = {
  exposed_unclicked: 'exposure',
  popularity: 'popularity',
  global_random: 'random',
  hard_rank: 'hard',
  same_attribute: 'random',
  ranked_unexposed: 'cascade',
  coarse_filtered: 'cascade',
};

/** The delay of the sequence `clicks`. */
export function delayKnob({ delay }: FakeConfig): Knob {
  const line = lineOf['delay'] ?? 0;
  return {
    id: 'delay',
    kind: 'delay',
    entry: 'clicks',
    source: null,
    family: null,
    unit: 'm',
    value: delay,
    min: 0,
    max: 20,
    step: 1,
    range: { start: { line, character: 60 }, end: { line, character: 62 } },
  };
}

export function fakeSummary(
  uri: string,
  config: FakeConfig,
  params: Pick<SamplerParams, 'stage' | 'seed' | 'epoch'>,
): SamplerSummary {
  const range = (key: string): Knob['range'] => ({
    start: { line: lineOf[key] ?? 0, character: 15 },
    end: { line: lineOf[key] ?? 0, character: 19 },
  });
  const recall = params.stage === 'recall';
  const entries = entriesOf(params.stage, config);
  const share = ([name, value]: [string, number]): Knob => ({
    id: `mix.${name}`,
    kind: recall ? 'share' : 'count',
    entry: name,
    source: name,
    family: families[name] ?? null,
    unit: null,
    value,
    min: 0,
    max: recall ? 1 : 100,
    step: recall ? 0.01 : 1,
    range: range(name),
  });
  const none: Pick<Knob, 'entry' | 'source' | 'family' | 'unit'> = {
    entry: null,
    source: null,
    family: null,
    unit: null,
  };
  return {
    uri,
    name: 'spring.ratio.yaml',
    stages: ['recall', 'coarse_ranking', 'fine_ranking'],
    splits: ['train', 'eval'],
    plan: {
      stage: params.stage,
      unit: unitOf(params.stage),
      seed: params.seed ?? config.seed,
      epoch: params.epoch ?? 0,
      timezone: 'UTC',
      split: 'train',
      window: { knownUntil: null, train: { from: '2026-03-01', to: '2026-03-14' }, eval: null },
      positives: {
        events: [{ name: 'click', weight: 1 }],
        hotThreshold: null,
        maxPerUserPerDay: null,
        hasKeepProbability: false,
      },
      amounts: recall
        ? { kind: 'shares', perGroup: config.perGroup }
        : { kind: params.stage === 'fine_ranking' ? 'none' : 'counts' },
      entries: Object.entries(entries).map(planned),
      onShortfall: 'keep',
      refillFrom: null,
      exposures: null,
      inBatch: null,
      ...(recall ? { logq: 'corpus' as const } : {}),
    },
    seed: config.seed,
    epoch: 0,
    knobs:
      params.stage === 'fine_ranking'
        ? []
        : [
            ...(recall
              ? [
                  {
                    id: 'perGroup',
                    kind: 'perGroup',
                    ...none,
                    value: config.perGroup,
                    min: 1,
                    max: 20,
                    step: 1,
                    range: range('perGroup'),
                  } satisfies Knob,
                ]
              : []),
            ...Object.entries(entries).map(share),
            ...(recall
              ? [
                  {
                    id: 'exponent',
                    kind: 'exponent',
                    entry: 'popularity',
                    source: 'popularity',
                    family: 'popularity',
                    unit: null,
                    value: config.exponent,
                    min: 0,
                    max: 1,
                    step: 0.01,
                    range: range('exponent'),
                  } satisfies Knob,
                ]
              : []),
          ],
    problems: [],
  };
}

/** Every entry excludes what the user clicked or bought; `popularity` counts clicks until the training cut. */
const planned = ([name, amount]: [string, number]): PlanEntry => ({
  name,
  source: name as PlanEntry['source'],
  amount,
  exclude: { events: ['click', 'purchase'], within: 'train', lookback: null },
  draws: poolOf(
    name === 'popularity'
      ? { weight: { count: { of: 'click', window: null, asOf: null }, smoothing: 0, exponent: 0.75 } }
      : {},
  ),
});

const unitOf = (stage: Stage): 'positive' | 'request' | 'impression' =>
  stage === 'recall' ? 'positive' : stage === 'coarse_ranking' ? 'request' : 'impression';

/** Share or count of each entry. */
export function entriesOf(stage: Stage, config: FakeConfig): Record<string, number> {
  return stage === 'recall'
    ? config.shares
    : stage === 'coarse_ranking'
      ? { exposed_unclicked: 4, ranked_unexposed: 4, coarse_filtered: 8 }
      : { exposed_unclicked: 1 };
}
