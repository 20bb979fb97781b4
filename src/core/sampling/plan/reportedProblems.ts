import type { ReadConfig } from '../../config/read.ts';
import type { Problem } from '../../config/problem.ts';
import type { Span } from '../../config/span.ts';
import { message, type Message } from '../../message/message.ts';
import type { PlanProblem } from './stagePlan.ts';

/** A problem that is reported to the user of a config. */
export interface ReportedProblem {
  readonly message: Message;
  /** Null if it has no place in the text. */
  readonly span: Span | null;
  /** The problem of the plan that it reports, if any. */
  readonly planned: PlanProblem | null;
}

/** Why nothing can be drawn: the last problem of the plan is the one that ended it. */
export function endingProblem(
  reported: readonly ReportedProblem[],
  planned: readonly PlanProblem[],
): ReportedProblem | null {
  const last = planned.at(-1);
  return reported.find((one) => last !== undefined && one.planned === last) ?? null;
}

/**
 * Combines the invalid parts of a text with the problems of a stage's plan. If one follows from the other, both become
 * one sentence at the cause: after `per_positive: .nan`, the missing `per_positive` is not reported separately.
 */
export function reportedProblems({
  document,
  unsound,
  planned,
}: Pick<ReadConfig, 'document'> & {
  readonly unsound: readonly Problem[];
  readonly planned: readonly PlanProblem[];
}): ReportedProblem[] {
  const causes = new Map(
    planned.flatMap((problem) => {
      const cause = unsound.find(({ path }) => problem.lacks?.at.some((at) => at.join('\0') === path.join('\0')));
      return cause ? [[cause, problem] as const] : [];
    }),
  );
  const caused = new Set(causes.values());
  return [
    ...unsound.map((problem): ReportedProblem => {
      const follows = causes.get(problem) ?? null;
      const so = follows?.lacks?.so;
      return {
        message: so ? message('{0}: {1}', so, problem.message) : problem.message,
        span: problem.span,
        planned: follows,
      };
    }),
    ...planned
      .filter((problem) => !caused.has(problem))
      .map((problem): ReportedProblem => {
        if (problem.path === null) return { message: problem.message, span: null, planned: problem };
        const { key, span } = document.locate(problem.path);
        return { message: problem.message, span: key ?? span, planned: problem };
      }),
  ];
}
