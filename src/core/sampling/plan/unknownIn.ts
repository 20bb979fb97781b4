import type { StagePlan } from './stagePlan.ts';

/** The names under which the plan knows that an event of the positives is unknown; empty if none ever is. */
export function unknownIn({ positives: { unknown = [] } }: Pick<StagePlan, 'positives'>): string[] {
  return unknown.map(({ name }) => name);
}
