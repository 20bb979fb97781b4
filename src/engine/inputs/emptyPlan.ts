import { message, type Message } from '../../core/message/message.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import type { LoadedWorld } from './world/loadedWorld.ts';

/**
 * Parts of a plan that can draw nothing for any user: a window that ends before it begins, or a pool without items. One
 * sentence each.
 */
export function emptyPlan(plan: StagePlan, world: LoadedWorld): Message[] {
  const windows = reversedWindows(plan, world).map((name) =>
    message('The window {0} is empty: it ends before it begins', name),
  );
  const pools = plan.entries.flatMap(({ name, draws }, k) => {
    if (
      draws.kind !== 'pool' ||
      draws.where === null ||
      (world.pools[k]?.pools.some(({ items }) => items.length > 0) ?? false)
    )
      return [];
    return [message('{0} has nothing to draw from: no eligible item passes its where', name)];
  });
  return [...windows, ...(isUnknown(plan, world) ? [unknownOutcomes] : []), ...pools];
}

const unknownOutcomes = message('No outcome of the window eval is known: window.known_until lies before it');

/** True if no outcome of the evaluation window is known, because `window.known_until` lies before it. */
export function isUnknown({ split, window }: StagePlan, world: Pick<LoadedWorld, 'split' | 'knownUntil'>): boolean {
  return split === 'eval' && window.knownUntil !== null && world.knownUntil < world.split.from;
}

/**
 * Why no user has a group, if a valid window is the reason. `some`: the groups belong to named users, and other users
 * may have groups.
 */
export function emptyWindow(plan: StagePlan, world: LoadedWorld, groups: number, some = false): Message[] {
  if (
    groups > 0 ||
    plan.window[plan.split] === null ||
    reversedWindows(plan, world).length > 0 ||
    isUnknown(plan, world) ||
    world.cut === -Infinity
  )
    return [];
  switch (plan.unit) {
    case 'positive':
      return [
        some
          ? message('The window {0} has no positives of these users', plan.split)
          : message('The window {0} has no positives of any user', plan.split),
      ];
    case 'request':
      return [
        some
          ? message('The window {0} has no requests of these users', plan.split)
          : message('The window {0} has no requests of any user', plan.split),
      ];
    case 'impression':
      return [
        some
          ? message('The window {0} has no exposures of these users', plan.split)
          : message('The window {0} has no exposures of any user', plan.split),
      ];
  }
}

/** Windows that end before they begin. Only windows that affect the rows here, with both ends specified. */
export function reversedWindows(plan: StagePlan, world: LoadedWorld): ('train' | 'eval')[] {
  const { window, split } = plan;
  const bounds = { train: world.train, eval: split === 'eval' ? world.split : null };
  return (['train', 'eval'] as const).filter((name) => {
    const { from, to } = bounds[name] ?? { from: 0, to: 0 };
    return window[name]?.to !== undefined && from > to && !(name === 'eval' && isUnknown(plan, world));
  });
}
