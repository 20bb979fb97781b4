import type { ConfigDraft } from '../../config/definition/config.ts';
import { stageViews, type StageView } from '../../config/entries.ts';
import { historyRules } from '../../config/historyRules.ts';
import { unknownNames } from '../../config/eventConditions.ts';
import type { Stage } from '../../schema/stage.ts';
import type { ConfigPath } from '../../config/tree.ts';
import { message, type Message } from '../../message/message.ts';
import { compareTexts } from '../compareTexts.ts';
import { isWholeMix } from '../quota.ts';
import { exposureOptions, Options } from '../../source/options.ts';
import { outcomesOf } from './outcomesOf.ts';
import { planEntries } from './planEntries.ts';
import { negativesPerPositive } from './inBatchWeight.ts';
import { ownValue } from '../../ownValue.ts';
import type { PlanEntry, PlanProblem, StagePlan } from './stagePlan.ts';

export interface PlanOverrides {
  /** Overrides the config's. */
  readonly seed?: string;
  readonly epoch?: number;
  /** Default: `train`. */
  readonly split?: 'train' | 'eval';
}

export interface Planned {
  /** Null if too little is valid to define the groups. */
  readonly plan: StagePlan | null;
  /** What was left out, and why. */
  readonly problems: readonly PlanProblem[];
}

/**
 * Plans the draws of a stage: expands shorthands, fills in defaults, converts durations to microseconds. Invalid parts
 * are left out and reported. The data themselves are not checked.
 */
export function planStage(config: ConfigDraft, stage: Stage, overrides: PlanOverrides = {}): Planned {
  const view = stageViews(config).find(({ name }) => name === stage);
  if (!view)
    return {
      plan: null,
      problems: [{ message: message('The config has no stage {0}', stage), path: null, refusal: 'caller' }],
    };
  const problems: PlanProblem[] = [];
  return { plan: planView(config, view, overrides, problems), problems };
}

function planView(
  config: ConfigDraft,
  view: StageView,
  { seed, epoch, split = 'train' }: PlanOverrides,
  problems: PlanProblem[],
): StagePlan | null {
  const { unit, path } = view;
  const none = (
    refusal: PlanProblem['refusal'],
    text: Message,
    at: ConfigPath,
    more: Pick<PlanProblem, 'lacks' | 'advice'> = {},
  ): null => (problems.push({ message: text, path: at, refusal, ...more }), null);
  if (unit === undefined)
    return none('unit-missing', message('There is no unit: it defines one group of rows'), path, {
      lacks: { at: [[...path, 'unit']], so: message('Nothing can be drawn') },
    });
  const events = positiveEvents(config, view, problems);
  const unknown = events.flatMap(({ name: event }) => unknownNames([event], config).map((name) => ({ event, name })));
  // Without events, every row would count as a negative.
  if (events.length === 0) return none('positives-missing', message('No event is a positive'), [...path, 'positives']);
  if (split === 'eval' && !config.window?.eval)
    return none('caller', message('There is no window.eval'), ['window'], {
      advice: message('Write window: {train: …, eval: {from: …, to: …}}.'),
    });
  if (config.seed === undefined && seed === undefined)
    problems.push({
      message: message('There is no seed: 0 is used'),
      path: null,
      refusal: null,
      lacks: { at: [['seed']], so: message('The seed 0 is used') },
    });
  const planned = planEntries(
    config,
    view,
    unit,
    events.map(({ name }) => name),
  );
  problems.push(...planned.problems);
  const amounts = amountsOf(view, planned.entries, problems);
  const entries = amounts === null ? [] : planned.entries;
  const { training } = view.draft;
  const inBatch = unit === 'positive' ? training?.in_batch : undefined;
  const isResampled = split === 'train' || config.window?.eval?.resample === true;
  const limits = limitsOf(view);
  const logq = logqOrDistinct(view, problems);
  return {
    stage: view.name,
    unit,
    split,
    seed: seed ?? String(config.seed ?? 0),
    epoch: epoch ?? config.epoch ?? 0,
    timezone: config.timezone ?? 'UTC',
    window: {
      train: config.window?.train ?? null,
      eval: config.window?.eval ?? null,
      knownUntil: config.window?.known_until ?? null,
    },
    positives: {
      events,
      ...(unknown.length === 0 ? {} : { unknown }),
      ...(isResampled ? limits : noLimits),
      ...minStepsOf(config, view),
      hasKeepProbability: limits.hotThreshold !== null,
    },
    amounts: amounts ?? { kind: 'none' },
    entries,
    ...shortfallOf(view, entries, problems),
    exposures: unit === 'impression' ? exposuresOf(view, isResampled) : null,
    inBatch:
      inBatch?.batch_size === undefined
        ? null
        : {
            batchSize: inBatch.batch_size,
            maskSameItem: inBatch.mask_same_item ?? true,
            ...weightOf(view, logq, amounts && negativesPerPositive({ amounts, entries }), problems),
          },
    ...logq,
    ...(split === 'eval' && logq.logq !== undefined && inBatch?.batch_size !== undefined
      ? { trainPositives: limits }
      : {}),
    ...teacherOf(view, unit, problems),
    ...outcomesOf(config, problems),
  };
}

type Limits = NonNullable<StagePlan['trainPositives']>;
const noLimits: Limits = { hotThreshold: null, maxPerUserPerDay: null };

/** The limits of the positives. They do not apply to requests and exposures. */
function limitsOf({ unit, draft: { positives } }: StageView): Limits {
  if (unit !== 'positive') return noLimits;
  return {
    hotThreshold: positives?.downsample_hot?.threshold ?? null,
    maxPerUserPerDay: positives?.max_per_user_per_day ?? null,
  };
}

/** The sequences of `min_steps`, with its numbers as their lengths. `config/sequence` reports unknown names. */
function minStepsOf(
  { output }: ConfigDraft,
  { unit, draft: { positives } }: StageView,
): Pick<StagePlan['positives'], 'minSteps'> {
  if (unit !== 'positive') return {};
  const minSteps = Object.entries(positives?.min_steps ?? {}).flatMap(([name, length]) => {
    const draft = ownValue(output?.sequences, name);
    return (draft && historyRules(name, { ...draft, length })) ?? [];
  });
  return minSteps.length === 0 ? {} : { minSteps };
}

/**
 * The log q correction, or that no item repeats: the correction counts the rows of all entries. A boolean is what older
 * configs have: `true` was the correction of `log_q_mix`.
 */
function logqOrDistinct(
  { path, unit, draft: { training, negatives } }: StageView,
  problems: PlanProblem[],
): Pick<StagePlan, 'logq' | 'distinct'> {
  const logq = training?.logq ?? false;
  const distinct = negatives?.distinct ?? false;
  if (unit === 'impression') return {};
  if (logq === false) return distinct ? { distinct } : {};
  if (distinct)
    problems.push({
      message: message('distinct is left out: with training.logq, the correction counts the rows of all entries'),
      path: [...path, 'negatives', 'distinct'],
      advice: message('Remove distinct, or train without logq.'),
      refusal: 'distinct-logq',
    });
  return { logq: logq === true ? 'corpus' : logq };
}

/** `training.in_batch.weight`: only `shares` says what the drawn negatives weigh against the batch. */
function weightOf(
  { path, draft: { training } }: StageView,
  { logq }: Pick<StagePlan, 'logq'>,
  drawn: number | null,
  problems: PlanProblem[],
): Pick<NonNullable<StagePlan['inBatch']>, 'weight'> {
  const weight = training?.in_batch?.weight;
  // A missing number of negatives is reported already.
  if (weight === undefined || drawn === null) return {};
  if (logq === 'shares' && drawn > 0) return { weight };
  problems.push({
    message: message('The weight of in-batch negatives is left out: it needs logq: shares and drawn negatives'),
    path: [...path, 'training', 'in_batch', 'weight'],
    refusal: 'in-batch-weight',
  });
  return {};
}

/** The teacher; its values are per request, so groups of one positive have none. */
function teacherOf(
  { path, draft: { teacher } }: StageView,
  unit: StagePlan['unit'],
  problems: PlanProblem[],
): Pick<StagePlan, 'teacher'> {
  const { column, from = 'candidates', on = 'all' } = teacher ?? {};
  if (column === undefined) return {};
  if (unit !== 'positive') return { teacher: { from, column, on } };
  problems.push({
    message: message('The teacher is left out: it needs the unit request or impression'),
    path: [...path, 'teacher'],
    refusal: null,
  });
  return {};
}

/** Events that make a positive, heaviest first; equal weights by name. */
function positiveEvents(
  { events = {} }: ConfigDraft,
  { path, draft }: StageView,
  problems: PlanProblem[],
): StagePlan['positives']['events'] {
  const written = Object.entries(draft.positives?.events ?? {}).map(([name, weight]) => ({ name, weight }));
  for (const { name } of written) {
    if (!Object.hasOwn(events, name))
      problems.push({
        message: message('There is no event {0} under events', name),
        path: [...path, 'positives', 'events', name],
        refusal: 'positive-undeclared',
      });
  }
  return written
    .filter(({ name }) => Object.hasOwn(events, name))
    .sort((a, b) => b.weight - a.weight || compareTexts(a.name, b.name));
}

const noNegatives = message('No negatives are drawn');

/** Null if the number of negatives per group is not defined. */
function amountsOf(
  { unit, amounts, total, path, draft, entries }: StageView,
  planned: readonly PlanEntry[],
  problems: PlanProblem[],
): StagePlan['amounts'] | null {
  if (unit === 'impression') return { kind: 'none' };
  if (amounts === 'counts') return { kind: 'counts' };
  const at = [...path, 'negatives'];
  if (amounts === null) {
    problems.push({
      message: message('The negatives are not defined: there is no mix, and there are no counts'),
      path: at,
      refusal: 'negatives-missing',
      lacks: { at: [at, ...['mix', 'per_positive', 'per_request'].map((key) => [...at, key])], so: noNegatives },
    });
    return null;
  }
  const perGroup =
    typeof draft.negatives?.per_positive === 'number' || typeof draft.negatives?.per_request === 'number'
      ? total
      : null;
  if (perGroup === null) {
    const key = unit === 'request' ? 'per_request' : 'per_positive';
    problems.push({
      message: message('The number of negatives is missing. The unit {0} needs the key {1}', unit ?? '', key),
      path: at,
      refusal: 'amount-missing',
      lacks: { at: [[...at, key]], so: noNegatives },
    });
    return null;
  }
  const shares = planned.map(({ amount }) => amount);
  // A dropped entry is reported already, and its missing share is a consequence.
  if (planned.length === entries.length && !isWholeMix(shares)) {
    const sum = Number(shares.reduce((upTo, share) => upTo + share, 0).toPrecision(12));
    problems.push({
      message: message('The shares sum to {0}, not 1, and are used unchanged', sum),
      path: [...at, 'mix'],
      refusal: 'share-sum',
    });
  }
  return { kind: 'shares', perGroup };
}

function shortfallOf(
  { path, draft: { negatives } }: StageView,
  entries: readonly PlanEntry[],
  problems: PlanProblem[],
): Pick<StagePlan, 'onShortfall' | 'refillFrom'> {
  const onShortfall = negatives?.on_shortfall ?? 'keep';
  if (onShortfall !== 'refill' || entries.length === 0)
    return { onShortfall: onShortfall === 'refill' ? 'keep' : onShortfall, refillFrom: null };
  const name = negatives?.refill_from;
  const refillFrom = entries.findIndex((entry) => entry.name === name);
  if (refillFrom >= 0) return { onShortfall, refillFrom };
  problems.push(
    name === undefined
      ? {
          message: message('refill_from does not name an entry, so shortfalls are not refilled'),
          path: [...path, 'negatives'],
          refusal: 'refill-missing',
        }
      : {
          message: message('There is no entry {0} to refill from', name),
          path: [...path, 'negatives', 'refill_from'],
          refusal: 'refill-undeclared',
        },
  );
  return { onShortfall: 'keep', refillFrom: null };
}

/** Which exposures are rows: selected by the entry of the source `exposed_unclicked`, or all. */
function exposuresOf(
  { entries, draft: { negatives } }: StageView,
  isResampled: boolean,
): NonNullable<StagePlan['exposures']> {
  const [entry] = entries
    .filter(({ source }) => source?.name === 'exposed_unclicked')
    .sort((a, b) => compareTexts(a.name, b.name));
  return {
    entry: entry?.name ?? 'exposed_unclicked',
    ...exposureOptions(new Options(entry?.options ?? {})),
    downsample: isResampled ? (negatives?.downsample ?? null) : null,
    calibration: negatives?.calibration ?? null,
  };
}
