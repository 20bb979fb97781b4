import { refuse, type FailureError } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import { isoTime } from '../../core/sampling/isoTime.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import { formatCount } from '../../core/table/format.ts';
import type { SamplingData } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import type { Tally } from '../groups/group.ts';
import { isUnknown, reversedWindows } from '../inputs/emptyPlan.ts';
import { microseconds, within } from '../inputs/world/within.ts';
import { anyEvent } from '../inputs/world/counts.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';

/** A sample without rows, with the counts that explain it. */
export interface EmptySample {
  readonly plan: StagePlan;
  readonly world: LoadedWorld;
  /** The log, stored or as its files have it. */
  readonly stored: SampledTables;
  readonly tally: Tally;
  readonly groups: number;
  /** True if users were named: then the counts are about them. */
  readonly some: boolean;
}

/**
 * Numbers of impressions: of the whole log, of the split, and of the split with a positive event. Times in
 * microseconds, NaN without one.
 */
interface LogCounts {
  readonly all: number;
  readonly inSplit: number;
  readonly positives: number;
  readonly first: number;
  readonly last: number;
}

interface Reason {
  readonly what: Message;
  readonly advice: Message;
}

/** The failure for a sample without rows. It names the step that left no rows, with its counts. */
export async function emptySampleFailure(empty: EmptySample, work: Work): Promise<FailureError> {
  const { plan } = empty;
  const { what, advice } = reasonOf(empty, await countLog(empty, work));
  return refuse('no-rows', message('No file is written because there are no rows: {0}', what), {
    advice,
    setting: plan.window[plan.split] === null ? ['stages', plan.stage, 'positives', 'events'] : ['window', plan.split],
  });
}

async function countLog({ plan, world, stored }: EmptySample, work: Work): Promise<LogCounts> {
  const inSplit = within('time', world.split);
  const positive = anyEvent(
    stored,
    plan.positives.events.map(({ name }) => name),
    world.knownUntil,
  );
  const filters = ['', `FILTER (WHERE ${inSplit})`, `FILTER (WHERE ${inSplit} AND (${positive}))`];
  const columns = [
    ...filters.map((filter) => `CAST(count(*) ${filter} AS DOUBLE)`),
    microseconds('min(time)'),
    microseconds('max(time)'),
  ];
  const found = await stored.tables.columnar(
    `SELECT ${columns.join(', ')} FROM ${stored.log()} l`,
    message('Counting events'),
    work,
  );
  const [all = 0, inWindow = 0, positives = 0, first = NaN, last = NaN] = Array.from(
    { length: 5 },
    (_, k) => found.numbers(k)[0],
  );
  return { all, inSplit: inWindow, positives, first, last };
}

function reasonOf(empty: EmptySample, log: LogCounts): Reason {
  const { plan, world, groups, some } = empty;
  const [reversed] = reversedWindows(plan, world);
  if (reversed !== undefined) {
    const advice = message('Set window.{0} to days that the log has.', reversed);
    return { what: message('window.{0} ends before it begins', reversed), advice };
  }
  if (isUnknown(plan, world)) {
    const [until, from] = [isoTime(world.knownUntil), isoTime(world.split.from)];
    return {
      what: message('window.eval begins at {0}, but outcomes are known only until {1}', from, until),
      advice: message('Set window.known_until to a day or time after window.eval, or remove it.'),
    };
  }
  if (plan.unit === 'request' && (groups > 0 || empty.stored.candidates() !== null)) return requestReason(empty);
  if (skipsFolders(empty.stored.data) && log.inSplit === 0) {
    return {
      what: message('the folders that partition selects have no impressions in {0}', splitText(empty)),
      advice: some
        ? message('Check the ids of the users, and window.{0}.', plan.split)
        : message('Set window.{0} to days that the log has.', plan.split),
    };
  }
  if (log.all === 0) {
    if (some)
      return {
        what: message('the log has no impressions of these users'),
        advice: message('Check the ids of the users.'),
      };
    return {
      what: message('the log has no impressions'),
      advice: message('Check data.impressions: its path, its where, and its columns.'),
    };
  }
  if (log.inSplit === 0) {
    const [count, first, last] = [formatCount(log.all), isoTime(log.first), isoTime(log.last)];
    return {
      what: message(
        'none of the {0} impressions is in {1}: they range from {2} to {3}',
        count,
        splitText(empty),
        first,
        last,
      ),
      advice: message('Set window.{0} to days that the log has.', plan.split),
    };
  }
  return plan.unit === 'impression' ? impressionReason(empty, log) : positiveReason(empty, log);
}

function positiveReason(empty: EmptySample, { inSplit, positives }: LogCounts): Reason {
  const { plan, tally } = empty;
  if (positives > 0 && tally.short > 0) {
    return {
      what: message(
        'the histories of the {0} remaining positives of {1} are shorter than min_steps',
        formatCount(tally.short),
        splitText(empty),
      ),
      advice: message('Lower positives.min_steps, or begin window.{0} later than the log.', plan.split),
    };
  }
  if (positives > 0) {
    return {
      what: message('downsample_hot drops all {0} positives of {1}', formatCount(tally.thinned), splitText(empty)),
      advice: message('Raise positives.downsample_hot.threshold, or choose more users or days.'),
    };
  }
  const names = plan.positives.events.map(({ name }) => name).join(', ');
  return {
    what: message(
      'none of the {0} impressions of {1} has a positive event ({2})',
      formatCount(inSplit),
      splitText(empty),
      names,
    ),
    advice: message('Check positives.events and events, or choose more users or days.'),
  };
}

function impressionReason(empty: EmptySample, { inSplit }: LogCounts): Reason {
  const {
    plan,
    world,
    tally: { unseen, immature },
  } = empty;
  if (immature > 0) {
    return {
      what: message(
        'seen drops {0} and mature_after drops {1} of the {2} impressions of {3}; outcomes are known until {4}',
        formatCount(unseen),
        formatCount(immature),
        formatCount(inSplit),
        splitText(empty),
        isoTime(world.knownUntil),
      ),
      advice:
        plan.split === 'eval'
          ? message('Lower mature_after, or add later days to the log.')
          : message('Lower mature_after, or end window.train later.'),
    };
  }
  if (unseen > 0) {
    return {
      what: message('seen drops all {0} impressions of {1}', formatCount(unseen), splitText(empty)),
      advice: message('Check seen, and the columns of data.impressions that it uses.'),
    };
  }
  return {
    what: message(
      'downsample drops all {0} impressions of {1}, and none has a positive event',
      formatCount(inSplit),
      splitText(empty),
    ),
    advice: message('Raise downsample, or choose more users or days.'),
  };
}

function requestReason(empty: EmptySample): Reason {
  const {
    groups,
    tally: { timeless, unretrieved },
  } = empty;
  if (groups > 0) {
    return {
      what: message(
        '{0} requests of {1} have no positive, and no entry finds a negative for them',
        formatCount(groups),
        splitText(empty),
      ),
      advice: message('Preview some users to see why.'),
    };
  }
  if (timeless > 0) {
    return {
      what: message(
        'no request in data.candidates has a time in {0}, and {1} requests have no time',
        splitText(empty),
        formatCount(timeless),
      ),
      advice: message('Set data.candidates.columns.time, or log the impressions of these requests.'),
    };
  }
  return {
    what: message(
      'no request in data.candidates has a time in {0}, where {1} positives belong to other requests',
      splitText(empty),
      formatCount(unretrieved),
    ),
    advice: message('Point data.candidates to the days of the window.'),
  };
}

/** True if the plan may skip folders of the log because of their days. */
function skipsFolders({ log: { impressions } }: SamplingData): boolean {
  const { days } = impressions;
  return days !== undefined && (days.from !== null || days.to !== null);
}

/** The rows of a split, in the terms of the config. */
function splitText({ plan: { split, window }, some }: EmptySample): Message {
  if (window[split] === null) return some ? message('the log of these users') : message('the log');
  return some ? message('window.{0} of these users', split) : message('window.{0}', split);
}
