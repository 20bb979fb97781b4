import type { ConfigDraft } from '../config/definition/config.ts';
import { stageViews } from '../config/entries.ts';
import { fail, type FailureError } from '../message/failure.ts';
import { message, type Message } from '../message/message.ts';
import type { StagePlan } from '../sampling/plan/stagePlan.ts';
import { dayNumber } from '../table/day.ts';
import type { TrialLoss } from './probe.ts';

/** A config of a trial and its plan. */
export interface TrialConfig {
  /** Name as the user wrote it. */
  readonly name: string;
  readonly config: ConfigDraft;
  readonly plan: StagePlan;
}

/** The loss of a trial config. `isSet`: the config sets it, so it is not the default. */
export interface StageLoss {
  readonly loss: TrialLoss;
  readonly isSet: boolean;
}

/**
 * The loss that the probe trains with.
 * @throws FailureError if the probe cannot represent what the config trains; the message names the key
 */
export function trialLoss(trial: TrialConfig): StageLoss {
  checkPlan(trial);
  const { name, config, plan } = trial;
  const loss = stageViews(config).find((view) => view.name === plan.stage)?.draft.training?.loss;
  if (loss === undefined) return { loss: 'sampled_softmax', isSet: false };
  if (loss !== 'sampled_softmax' && loss !== 'pairwise')
    throw unsupported(
      name,
      message('A trial trains with training.loss sampled_softmax or pairwise, not {0}', loss),
      loss === 'pointwise'
        ? message(
            'With it, the probe ordered mixes almost at random, and items that were never drawn filled the lists.',
          )
        : undefined,
    );
  return { loss, isSet: true };
}

const unsupported = (path: string, text: Message, advice?: Message): FailureError =>
  fail('unsupported', text, { place: { path }, ...(advice ? { advice } : {}) });

/** @throws FailureError if the stage, unit, windows or entries do not fit a trial */
function checkPlan({ name, plan: { stage, unit, window, entries, inBatch } }: TrialConfig): void {
  if (stage !== 'recall')
    throw unsupported(
      name,
      message('A trial is for the stage recall, not {0}', stage),
      message('The probe ranks the whole corpus, and these stages rank a few candidates.'),
    );
  if (unit !== 'positive') throw unsupported(name, message('A trial needs unit: positive, not {0}', unit));
  if (window.train === null || window.eval === null)
    throw unsupported(
      name,
      message('A trial needs window.train and window.eval'),
      message('Write window: {train: …, eval: {from: …, to: …}}.'),
    );
  const always = entries.find(({ exclude }) => exclude?.within === 'all');
  if (always)
    throw unsupported(
      name,
      message('{0} has exclude.within: all, which takes negatives out by clicks of the eval window', always.name),
      message('Write within: train for the trial.'),
    );
  const late = entries.find((entry) => lateDay(entry, window.train?.to) !== null);
  if (late)
    throw unsupported(
      name,
      message('{0} counts as of {1}, after the end of window.train', late.name, lateDay(late, window.train.to) ?? ''),
      message('Counts after the training cut leak the eval window. Remove as_of, or set an earlier day.'),
    );
  if (entries.length === 0 && inBatch === null)
    throw unsupported(name, message('The stage has no negatives: neither a mix nor training.in_batch'));
}

/** The fixed day up to which an entry counts, if it is after the last day of the train window; else null. */
function lateDay({ draws }: StagePlan['entries'][number], lastDay: string | undefined): string | null {
  if (draws.kind === 'list' || draws.weight === null || draws.weight.count === 'exposures') return null;
  const { asOf } = draws.weight.count;
  if (asOf === null || lastDay === undefined) return null;
  const [day, last] = [dayNumber(asOf.slice(0, 10)), dayNumber(lastDay.slice(0, 10))];
  return day !== null && last !== null && day > last ? asOf : null;
}

/** Values that all configs of a trial must share, by the config key that a message names. */
function sharedValues({ config, plan }: TrialConfig): Readonly<Record<string, unknown>> {
  const { samples: _samples, ...data } = config.data ?? {};
  return {
    ...Object.fromEntries(Object.entries(data).map(([key, value]) => [`data.${key}`, value])),
    events: config.events,
    window: config.window,
    timezone: plan.timezone,
    'positives.events': plan.positives.events,
  };
}

/** @throws FailureError that names the first shared key in which the configs differ */
export function requireSameData(first: TrialConfig, other: TrialConfig): void {
  const [a, b] = [sharedValues(first), sharedValues(other)];
  const key = [...new Set([...Object.keys(a), ...Object.keys(b)])].find(
    (name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]),
  );
  if (key !== undefined) throw differenceFailure(other.name, first.name, key);
  const [loss, otherLoss] = [trialLoss(first).loss, trialLoss(other).loss];
  if (loss !== otherLoss) throw differenceFailure(other.name, first.name, 'training.loss');
}

function differenceFailure(name: string, first: string, key: string): FailureError {
  return fail('bad-request', message('{0} differs from that of {1}', key, first), {
    place: { path: name },
    advice: message(
      'The configs of a trial share their data, events, windows and loss. They may differ in negatives, downsample_hot, max_per_user_per_day, min_steps, logq and in_batch.',
    ),
  });
}
