import { message, type Message } from '../../core/message/message.ts';
import { dailyCount } from '../../core/source/options.ts';
import type { PlanEntry, StagePlan } from '../../core/sampling/plan/stagePlan.ts';

/** The settings of the two kinds of samplers. */
export const configs = { weights: 'sampler.config', edges: 'sampler_v2.config' } as const;

/**
 * The parts of a mix that the tables cannot express. `drawn`: entries that the weights represent; `lists`: entries that
 * are edges.
 */
export function unsaid(
  { entries, positives, logq }: StagePlan,
  drawn: readonly PlanEntry[],
  lists: readonly PlanEntry[],
): Message[] {
  const names = (some: readonly PlanEntry[]): string => some.map(({ name }) => name).join(', ');
  const said = (some: readonly PlanEntry[], sentence: (named: string) => Message): Message[] =>
    some.length === 0 ? [] : [sentence(names(some))];
  const by =
    (which: 'user' | 'positive') =>
    ({ draws, amount }: PlanEntry): boolean =>
      amount > 0 && draws.kind === 'pool' && draws.partition?.by === which;
  const empty = entries.filter(
    (entry) => entry.amount > 0 && entry.draws.kind === 'pool' && !by('positive')(entry) && !drawn.includes(entry),
  );
  return [
    message('The trainer draws negatives itself with its own seed: they differ from the rows of the preview'),
    message(
      '{0} draws by weight and skips the items of the batch. {1} draws from the items of all positives with equal probability and skips the positives of the user',
      configs.weights,
      configs.edges,
    ),
    ...said(drawn.length > 1 ? drawn : [], (named) =>
      message('{0} are combined: the weight of an item is proportional to the probability that they draw it', named),
    ),
    ...said(entries.filter(by('user')), (named) =>
      message('{0}: the weights are for all users together, not per user attribute', named),
    ),
    ...said(
      entries.filter((entry) => entry.amount > 0 && dailyCount(entry) !== null),
      (named) =>
        message(
          '{0}: the trainer has no weights by day (as_of: day). The weights count events up to the training cut',
          named,
        ),
    ),
    ...(logq === 'shares'
      ? [message('The trainer has no correction that keeps the shares of the mix (logq: shares)')]
      : []),
    ...said(entries.filter(by('positive')), (named) =>
      message('{0} left out: an item table has no positive to match', named),
    ),
    ...said(empty, (named) => message('{0} left out: there is no item to draw', named)),
    ...said(lists, (named) =>
      message(
        '{0} are written as edges. For each row of a user, the trainer uses the edges of this user, not those of one positive',
        named,
      ),
    ),
    ...(positives.hotThreshold === null && positives.maxPerUserPerDay === null
      ? []
      : [message('Positives dropped by downsampling have no edge: they may be drawn as negatives')]),
    message('The trainer ignores exclude and the times when items were created and removed'),
    ...said(
      entries.filter(({ amount, exclude }) => amount > 0 && exclude?.history !== undefined),
      (named) =>
        message(
          '{0}: the trainer does not support exclude.history. Only the written edges leave out past items',
          named,
        ),
    ),
  ];
}
