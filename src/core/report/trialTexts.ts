import { message, type Message } from '../message/message.ts';
import type {
  TrialDifference,
  TrialFacts,
  TrialGate,
  TrialGateFigure,
  TrialReport,
  TrialWord,
} from '../trial/report.ts';
import { fixed, formatCount, formatPercent } from '../table/format.ts';
import { valueAt } from '../valueAt.ts';

/** A note in every report, also in JSON. It is never hidden. */
export const trialLimits = message(
  'Id-only probe on logged clicks. It is not your model and not an A/B test: clicks depend on what was shown.',
);

export const wordTexts: Readonly<Record<TrialWord, Message>> = {
  higher: message('higher'),
  lower: message('lower'),
  no_clear_difference: message('no clear difference'),
  no_verdict: message('no verdict'),
};

export const lossTexts: Readonly<Record<TrialFacts['loss'], Message>> = {
  sampled_softmax: message('sampled softmax'),
  pairwise: message('pairwise loss'),
};

/** A value from 0 to 1 with four decimals. */
export function trialValue(value: number | null): string {
  return value === null ? '–' : fixed(value, 4);
}

/** A number with its sign: `+0.0009`, `−0.0018`, `0.0000`. */
export function signedValue(value: number | null): string {
  if (value === null) return '–';
  const text = fixed(Math.abs(value), 4);
  return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`;
}

/** An interval: `−0.0006 to +0.0024`; null if there is none. */
export function intervalText({ low, high }: Pick<TrialDifference, 'low' | 'high'>): Message | null {
  return low === null || high === null ? null : message('{0} to {1}', signedValue(low), signedValue(high));
}

/** What to conclude from a difference that is not clear. */
export function detectableText({ detectable }: TrialDifference): Message | null {
  return detectable === null ? null : message('A difference larger than {0} would show', trialValue(detectable));
}

/** A confidence level: `97.5 %`. Never rounded to 100 %, however many comparisons there are. */
export function levelText({ level }: Pick<TrialReport, 'level'>): string {
  const digits = Math.max(2, Math.ceil(-Math.log10(1 - level)) - 1);
  return `${Number((level * 100).toFixed(digits))} %`;
}

/** True if a gate withholds the verdicts of all configs, so one sentence covers them. */
export function isWithheldFromAll({ gates }: Pick<TrialReport, 'gates'>): boolean {
  return gates.some(({ fired, effect }) => fired && effect === 'no_verdict');
}

/** Summary of the gates, the most important first: one sentence if all passed, else one for each that fired. */
export function gateVerdicts(report: TrialReport): Message[] {
  const fired = report.gates.filter((gate) => gate.fired);
  if (fired.length > 0) return fired.map((gate) => gateText(gate, report));
  return [message('All gates passed: on this log the differences below are evidence')];
}

/** Why a gate fired. */
export function gateText({ id, arms, pairs, figures }: TrialGate, report: TrialReport): Message {
  const nameOf = (arm: number): string => valueAt(report.arms, arm).name;
  const figure = figures[0]?.value ?? null;
  switch (id) {
    case 'popularity':
      return message('Logged clicks mostly repeat what was shown; the order of configs is not evidence');
    case 'size':
      return message('Too few users or clicks in eval for a verdict');
    case 'agreement':
      return message(
        'NDCG and GAUC point in opposite directions, so there is no verdict: {0}',
        pairs.map(([reference, arm]) => `${nameOf(arm)} − ${nameOf(reference)}`).join(', '),
      );
    case 'visibility':
      return message('The probe cannot rank {0} of the eval positives', figure === null ? '–' : formatPercent(figure));
    case 'reach':
      return message(
        'Pools do not reach all items: more than {0} of the lists are items that were never trained: {1}',
        formatPercent(figures[0]?.limit ?? 0),
        arms.map(nameOf).join(', '),
      );
  }
}

const figureNames: Readonly<Record<TrialGateFigure['name'], Message>> = {
  popularity_ratio: message('popularity ÷ best NDCG'),
  agreeing_pairs: message('NDCG and GAUC agree'),
  warm_users: message('warm users'),
  visible_positives: message('visible eval positives'),
  invisible: message('invisible eval positives'),
  never_trained: message('never-trained items in lists'),
};

/** The figure of a gate: its name, its value and its limit. */
export function figureText({ name, value, limit, relation }: TrialGateFigure): {
  readonly name: Message;
  readonly value: Message;
} {
  if (name === 'agreeing_pairs')
    return { name: figureNames[name], value: message('{0} of {1} pairs', value ?? 0, limit) };
  const text = (x: number): string =>
    name === 'popularity_ratio' ? fixed(x, 2) : relation === 'at_least' ? formatCount(x) : formatPercent(x);
  const valueText = value === null ? '–' : text(value);
  const bound = name === 'popularity_ratio' ? String(limit) : text(limit);
  return {
    name: figureNames[name],
    value:
      relation === 'at_most'
        ? message('{0}, limit {1}', valueText, bound)
        : message('{0}, at least {1}', valueText, bound),
  };
}

/** Limits of the probe, each with its reason. */
export function unseenTexts(report: TrialReport): { readonly limit: Message; readonly reason: Message }[] {
  const { evalPositives, invisible, passedColumns } = report.population;
  const hidden = invisible.newUser + invisible.newItem + invisible.notInCorpus;
  return [
    {
      limit: message('{0} of the eval positives', evalPositives === 0 ? '–' : formatPercent(hidden / evalPositives)),
      reason: message(
        'new users {0}, new items {1}, hidden or not in the corpus {2}',
        formatCount(invisible.newUser),
        formatCount(invisible.newItem),
        formatCount(invisible.notInCorpus),
      ),
    },
    {
      limit: message('User, item and context features'),
      reason:
        passedColumns === 0
          ? message('it knows ids only')
          : message('it knows ids only; pass-through columns that it does not use: {0}', passedColumns),
    },
    {
      limit: message('Items that were never shown'),
      reason: message('no log can show whether a user would click them'),
    },
    {
      limit: message('Coarse and fine ranking'),
      reason: message('the probe trains recall with {0}', lossTexts[report.loss]),
    },
  ];
}

/** The training data, and the days on which the number of epochs was chosen. */
export function trainedText({ population, arms, windows }: TrialReport): Message {
  const seeds = arms[0]?.runs.length ?? 0;
  const [used, all] = [formatCount(population.usedPositives), formatCount(population.trainPositives)];
  const days = windowText(windows.tune);
  return population.usedPositives < population.trainPositives
    ? message('Positives: {0} of {1}, of whole users. Seeds: {2}. Epochs were chosen on {3}.', used, all, seeds, days)
    : message('Positives: {0}, all of the train window. Seeds: {1}. Epochs were chosen on {2}.', all, seeds, days);
}

/** A window: `2026-03-12 to 2026-03-14`. `to` is exclusive. */
export function windowText({ from, to }: TrialFacts['windows']['tune']): Message {
  return message('{0} to {1}', from ?? '…', to ?? '…');
}

/** How the intervals were computed. */
export function intervalNote(report: TrialReport): Message {
  const comparisons = report.arms.length - 1 + report.earlierConfigs;
  return comparisons < 2
    ? message('Intervals: {0}, users and seeds resampled 2,000 times.', levelText(report))
    : message(
        'Intervals: {0}, users and seeds resampled 2,000 times, corrected for {1} comparisons.',
        levelText(report),
        comparisons,
      );
}

/** Mean of a count of a config over the seeds. */
export function meanCount(counts: readonly number[]): number {
  return counts.length === 0 ? 0 : Math.round(counts.reduce((sum, count) => sum + count, 0) / counts.length);
}
