import type { Stage } from '../../src/core/schema/stage.ts';
import type { Dice } from './dice.ts';
import type { ConfigDraft } from './world.ts';

/** Adds the options of splits to a config: what is known for evaluation, resampling, rejections up to the group. */
export function withSplitOptions(config: ConfigDraft, stage: Stage, dice: Dice): ConfigDraft {
  const { window: windows, stages } = config as ConfigDraft & { window?: { eval?: object } };
  const draft = stages[stage];
  const evaluated = windows?.eval && {
    window: {
      ...windows,
      eval: { ...windows.eval, ...(dice.chance(0.5) ? { resample: dice.chance(0.7) } : {}) },
      ...(dice.chance(0.4) ? { known_until: dice.pick(['2026-11-12', '2026-11-11T15:00:00', '2026-11-09']) } : {}),
    },
  };
  // Without times, before: true is an error.
  const before = dice.chance(0.5) && config.data.rejections?.columns['time'] !== undefined;
  if (draft === undefined || !before) return { ...config, ...evaluated };
  const dated = (entries: unknown): unknown =>
    typeof entries !== 'object' || entries === null
      ? entries
      : Object.fromEntries(
          Object.entries(entries).map(([name, entry]: [string, unknown]) => {
            const options: Record<string, unknown> =
              typeof entry === 'object' ? { ...entry } : { [draft.negatives.mix ? 'share' : 'count']: entry };
            return [name, (options['source'] ?? name) === 'rejected' ? { ...options, before: true } : entry];
          }),
        );
  const negatives = Object.fromEntries(
    Object.entries(draft.negatives).map(([key, value]) => [
      key,
      ['mix', 'per_positive', 'per_request'].includes(key) ? dated(value) : value,
    ]),
  );
  return { ...config, ...evaluated, stages: { ...stages, [stage]: { ...draft, negatives } } };
}
