/** The plans of a statement of a job, from `plans.py`. */
export interface StepPlan {
  readonly job: string;
  /** The name of the step; `result` for the rows of the output. */
  readonly step: string;
  /** The optimised logical plan of its SELECT, as a tree. */
  readonly optimized: string;
  readonly physical: string;
}

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

/** Joins that compare all rows of two tables. */
export function pairingsOf({ physical }: StepPlan): number {
  return count(physical, /CartesianProduct|BroadcastNestedLoopJoin/g);
}

/** Windows without PARTITION BY. */
export function wholeWindowsOf({ physical }: StepPlan): number {
  const lines = physical.split('\n');
  return lines.filter((line, k) => {
    if (!/^[\s:+-]*Window /.test(line)) return false;
    // The rows of a window come from the next exchange, or are already together.
    const exchange = lines.slice(k).find((one) => /Exchange |Window /.test(one) && one !== line) ?? '';
    return exchange.includes('Exchange SinglePartition');
  }).length;
}

/** Shifts of the hashes of a step. A hash has five of them. */
export function hashStepsOf({ optimized }: StepPlan): number {
  return count(optimized, /shiftright\(/g);
}

/** How often rows move between tasks. */
export function exchangesOf({ physical }: StepPlan): number {
  return count(physical, /(?<!Broadcast|Reused)Exchange /g);
}
