import { message, type Message } from '../message/message.ts';
import { microsecondsOfIso } from '../sampling/isoTime.ts';
import { leftOutReasons, type LeftOut } from '../sampling/kernel/histories.ts';
import type {
  ItemLeftOut,
  LeftOutGroups,
  PairHistory,
  ShownHistory,
  ShownSequence,
  ShownStep,
} from '../sampling/shownHistories.ts';
import { durationText } from '../schema/durationText.ts';
import { formatCount } from '../table/format.ts';
import { valueAt } from '../valueAt.ts';

/** The steps of a history, the newest first, with their sessions; null without sessions. */
export function stepsOf(
  { steps, sessions }: ShownHistory,
  ofUser: readonly ShownStep[],
): { readonly step: ShownStep; readonly session: number | null }[] {
  return steps.map((step, k) => ({ step: valueAt(ofUser, step), session: sessions?.[k] ?? null })).reverse();
}

/** Whole seconds from a step to the request. */
export function ageOf({ readTime }: Pick<ShownHistory, 'readTime'>, { time }: Pick<ShownStep, 'time'>): number {
  return Math.floor((microsecondsOfIso(readTime) - microsecondsOfIso(time)) / 1e6);
}

/** Whole seconds for people: `12 s`, `4 min 12 s`, `3 h 5 min`, `2.5 d`. */
export function spanText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${(seconds / 86_400).toFixed(1)} d`;
}

/**
 * A history in a few words: how many of the visible steps it has, the newest, and the cut-off.
 * @param clock an instant as the reader sees it
 */
export function historyParts(
  sequence: ShownSequence,
  history: ShownHistory,
  ofUser: readonly ShownStep[],
  clock: (iso: string) => string,
): Message[] {
  const { steps, leftOut } = history;
  const newest = steps.at(-1);
  const others = leftOut.lookback + leftOut.session + leftOut.repeated + leftOut.length;
  return [
    message('{0} of {1}', formatCount(steps.length), formatCount(steps.length + others)),
    ...(newest === undefined
      ? []
      : [message('newest {0} before the request', spanText(ageOf(history, valueAt(ofUser, newest))))]),
    cutOffText(sequence, history, clock),
  ];
}

function cutOffText(
  { availableAfter, asOf }: ShownSequence,
  { readTime, cutOff }: ShownHistory,
  clock: (iso: string) => string,
): Message {
  const [end, request, delay] = [clock(cutOff), clock(readTime), durationText(availableAfter)];
  if (asOf === 'day') return message('cut-off {0} = start of the day of request {1} − {2}', end, request, delay);
  return availableAfter === 0
    ? message('cut-off {0} = request', end)
    : message('cut-off {0} = request {1} − {2}', end, request, delay);
}

/** Numbers of the steps that are not in a history, by reason; empty if all steps are in it. */
export function leftOutParts({ lookback, length }: ShownSequence, { leftOut }: ShownHistory): Message[] {
  return leftOutReasons.flatMap((reason) =>
    leftOut[reason] === 0
      ? []
      : [message('{0} {1}', formatCount(leftOut[reason]), leftOutText(reason, { lookback, length }))],
  );
}

/** Why steps are not in a history. */
export function leftOutText(
  reason: LeftOut,
  { lookback, length }: Pick<ShownSequence, 'lookback' | 'length'>,
): Message {
  switch (reason) {
    case 'afterCutOff':
      return message('after the cut-off');
    case 'ownRequest':
      return message('of the request itself');
    case 'lookback':
      return message('older than {0}', durationText(lookback ?? 0));
    case 'session':
      return message('of earlier sessions');
    case 'repeated':
      return message('repeated later');
    case 'length':
      return message('beyond the length {0}', formatCount(length));
  }
}

/** The histories that have an item, and why the others do not, a line each. */
export function pairHistoryLines(
  { sequence, groups, within, leftOut }: PairHistory,
  clock: (iso: string) => string,
): Message[] {
  return [
    message('{0}: in the history of {1} of {2} groups', sequence.name, formatCount(within), formatCount(groups)),
    ...itemReasons.flatMap((reason) => {
      const others = leftOut[reason];
      if (others === undefined) return [];
      const why = itemLeftOutText(reason, sequence, others, clock);
      return [
        others.groups === 1
          ? message('not of the group of {0}: {1}', clock(others.first.time), why)
          : message(
              'not of {0} groups, the first of {1}: {2}',
              formatCount(others.groups),
              clock(others.first.time),
              why,
            ),
      ];
    }),
  ];
}

const itemReasons: readonly ItemLeftOut[] = [...leftOutReasons, 'later'];

function itemLeftOutText(
  reason: ItemLeftOut,
  { availableAfter, asOf, lookback, length }: ShownSequence,
  { first }: LeftOutGroups,
  clock: (iso: string) => string,
): Message {
  const age = spanText(ageOf({ readTime: first.requestTime }, { time: first.step }));
  switch (reason) {
    case 'afterCutOff':
      return asOf === 'day'
        ? message('it came {0} before the request, not before the cut-off {1}', age, clock(first.cutOff))
        : message('it came {0} before the request, and is available after {1}', age, durationText(availableAfter));
    case 'ownRequest':
      return message('it is of the request itself');
    case 'lookback':
      return message('it came {0} before the request, and lookback is {1}', age, durationText(lookback ?? 0));
    case 'session':
      return message('it came {0} before the request, in an earlier session', age);
    case 'repeated':
      return message('a newer step replaces it');
    case 'length':
      return message('it came {0} before the request, and {1} newer steps fill the history', age, formatCount(length));
    case 'later':
      return message('it came after the request');
  }
}
