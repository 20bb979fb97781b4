import * as v from 'valibot';
import { trialSeeds } from '../../core/trial/probe.ts';
import { trialFormat } from '../../core/trial/report.ts';
import { configText } from './preview.ts';
import { count, list, object, text } from './shapes.ts';

const optionEntries = {
  hide: v.picklist(['clicked', 'exposed']),
  /** Number of seeds. */
  seeds: v.pipe(count, v.minValue(1), v.maxValue(trialSeeds.most)),
  /** A column and its value that mark randomly exposed rows. */
  evalWhere: v.nullable(object({ column: text, value: text })),
} as const;
export const trialOptions = object(optionEntries);

const day = v.nullable(text);
/** Earlier trials, as the host remembers them. */
export const earlierTrials = list(
  object({ data: v.record(text, text), eval: object({ from: day, to: day }), arms: list(text) }),
);

/** What is read of the JSON report of an earlier trial. Its other keys do not matter. */
export const earlierReport = v.object({
  format: v.literal(trialFormat),
  stage: v.literal('recall'),
  data: v.record(text, text),
  windows: v.object({ eval: v.object({ from: day, to: day }) }),
  arms: v.array(v.object({ digest: text })),
});

export const trialParams = object({
  ...optionEntries,
  /** The first is the reference. */
  configs: v.pipe(list(configText), v.minLength(1)),
  stage: v.literal('recall'),
  /** True: trains on all positives, however many there are. */
  all: v.boolean(),
  earlier: earlierTrials,
});

/** State that survives a window reload. Unknown versions are dropped. */
export const trialState = object({ version: v.literal(2), configs: list(configText), options: trialOptions });

/** Trial → host. */
export const trialNotifications = {
  /** The configs or options changed. */
  state: trialState,
} as const;
