import type { ConfigDraft } from '../../config/definition/config.ts';
import type { Exclude as WrittenExclude } from '../../config/definition/stage.ts';
import type { Entry, StageView } from '../../config/entries.ts';
import { unknownNames } from '../../config/eventConditions.ts';
import { message } from '../../message/message.ts';
import { compareTexts } from '../compareTexts.ts';
import { isSourceName } from '../../source/sources.ts';
import { microsecondsOf, Options, type PlanContext } from '../../source/options.ts';
import type { PlanEntry, PlanExclude, PlanProblem, StagePlan } from './stagePlan.ts';

interface Context extends PlanContext {
  readonly config: ConfigDraft;
}

/** The entries of a stage in name order, and problems of those left out. Nothing is drawn in the unit impression. */
export function planEntries(
  config: ConfigDraft,
  view: StageView,
  unit: StagePlan['unit'],
  positives: readonly string[],
): { readonly entries: readonly PlanEntry[]; readonly problems: readonly PlanProblem[] } {
  const declared = config.events ?? {};
  const context: Context = {
    config,
    unit,
    heaviestEvent: positives[0] ?? null,
    isEvent: (name) => Object.hasOwn(declared, name),
  };
  const entries: PlanEntry[] = [];
  const problems: PlanProblem[] = [];
  for (const entry of [...view.entries].sort((a, b) => compareTexts(a.name, b.name))) {
    const planned = unit === 'impression' ? exposureReason(entry) : planEntry(entry, context, positives, problems);
    if (planned === null) continue;
    if ('refusal' in planned)
      problems.push({
        ...planned,
        message: message('{0} is left out: {1}', entry.name, planned.message),
        path: entry.path,
        ...(planned === noAmount ? lacksAmount(entry) : {}),
      });
    else entries.push(planned);
  }
  return { entries, problems };
}

/** Why an entry is left out. */
type LeftOut = Pick<PlanProblem, 'refusal' | 'message'>;

const noAmount: LeftOut = { refusal: 'entry-amount-missing', message: message('it has no share or count') };

/** An invalid amount explains why the entry has none. */
function lacksAmount({ name, path }: Entry): Pick<PlanProblem, 'lacks'> {
  return { lacks: { at: [path, [...path, 'share'], [...path, 'count']], so: message('{0} is left out', name) } };
}

/** Why an entry has no effect if every exposure is a row; null for the entry that selects the exposures. */
function exposureReason({ source }: Entry): LeftOut | null {
  return source?.name === 'exposed_unclicked'
    ? null
    : { refusal: 'entry-impression-unit', message: message('nothing is drawn if the unit is impression') };
}

function planEntry(
  entry: Entry,
  context: Context,
  positives: readonly string[],
  problems: PlanProblem[],
): PlanEntry | LeftOut {
  const { name, source, share, quota, options } = entry;
  if (name.startsWith('@'))
    return { refusal: 'entry-reserved-name', message: message('names that begin with @ are reserved') };
  if (!source || !isSourceName(source.name))
    return {
      refusal: 'entry-unknown-source',
      message: message('neither its name nor the value of its key source is a known source'),
    };
  const amount = share ?? quota;
  if (amount === null) return noAmount;
  const draws = source.plan(new Options(options), context);
  if ('text' in draws) return { refusal: 'entry-option', message: draws };
  return { name, source: source.name, amount, exclude: exclusion(entry, context, positives, problems), draws };
}

function exclusion(
  { exclude, path, options }: Entry,
  { isEvent, config }: Context,
  positives: readonly string[],
  problems: PlanProblem[],
): PlanExclude {
  if (exclude === 'none') return null;
  const named = exclude?.events ?? positives;
  const events = named.filter((name) => name === 'impressions' || isEvent(name));
  for (const name of named) {
    if (events.includes(name)) continue;
    // A problem in the stage's own exclude is reported once, at its place.
    const at = [...(options.exclude === undefined ? [...path.slice(0, 2), 'negatives'] : path), 'exclude'];
    if (!problems.some((problem) => problem.path?.join('/') === at.join('/')))
      problems.push({
        message: message('There is no event {0} under events', name),
        path: at,
        refusal: 'exclude-undeclared',
      });
  }
  const sorted = [...new Set(events)].sort(compareTexts);
  return {
    // An item that the user may have chosen is not drawn either.
    events: [...sorted, ...unknownNames(sorted, config)],
    within: exclude?.within ?? 'train',
    lookback: microsecondsOf(exclude?.lookback),
    ...historyOf(exclude?.history),
  };
}

function historyOf(
  history: Exclude<WrittenExclude, 'none'>['history'] | undefined,
): Pick<NonNullable<PlanExclude>, 'history'> {
  return history?.column === undefined
    ? {}
    : { history: { column: history.column, separator: history.separator ?? null } };
}
