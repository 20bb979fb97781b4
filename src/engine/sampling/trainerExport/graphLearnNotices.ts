import { message, type Message } from '../../../core/message/message.ts';
import type { PlanEntry, StagePlan } from '../../../core/sampling/plan/stagePlan.ts';

/** The settings of the two kinds of samplers. */
export const configs = { weights: 'sampler.config', edges: 'sampler_v2.config' } as const;

/**
 * The parts of a mix that the tables cannot express. `drawn`: entries that the weights represent; `lists`: entries that
 * are edges.
 */
export function unsaid(
  { entries, positives }: StagePlan,
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
      '{0} draws by the weights and leaves out the items of the batch; {1} draws the items of all positives alike and leaves out those of the user',
      configs.weights,
      configs.edges,
    ),
    ...said(drawn.length > 1 ? drawn : [], (named) =>
      message('{0} draw as one: an item weighs as likely as the mix draws it', named),
    ),
    ...said(entries.filter(by('user')), (named) =>
      message('{0}: the weights are those of all users, not by their attribute', named),
    ),
    ...said(entries.filter(by('positive')), (named) =>
      message('{0} left out: a table of items knows no positive to match', named),
    ),
    ...said(empty, (named) => message('{0} left out: there is no item to draw', named)),
    ...said(lists, (named) =>
      message(
        '{0} are edges: the trainer takes those of a user for each of its rows, not those of one positive',
        named,
      ),
    ),
    ...(positives.hotThreshold === null && positives.maxPerUserPerDay === null
      ? []
      : [message('Positives dropped by downsampling have no edge: they may be drawn as negatives')]),
    message('When items were created and removed, and what exclude says, do not count for the trainer'),
  ];
}
