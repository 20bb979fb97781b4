import type { ReadConfig } from '../../core/config/read.ts';
import type { Message } from '../../core/message/message.ts';
import { endingProblem, reportedProblems, type ReportedProblem } from '../../core/sampling/plan/reportedProblems.ts';
import type { PlanProblem } from '../../core/sampling/plan/stagePlan.ts';

/** A problem of a stage, with its place in the text of the config. */
export interface StageProblem {
  readonly message: Message;
  readonly advice?: Message;
  /** Both 1-based. A problem without a place is at the start of the text. */
  readonly line: number;
  readonly character: number;
  /** True if every row is still drawn as the config specifies. */
  readonly harmless: boolean;
}

/** What is wrong with a stage. */
export interface StageProblems {
  /** First problems of the text, then problems of the plan. */
  readonly all: readonly StageProblem[];
  /** The last problem of the plan: if nothing can be drawn, it is the reason. One of `all`. */
  readonly last: StageProblem | null;
}

/** Combines the problems of a config's text with those of a stage's plan. */
export function stageProblems(
  { document, problems: unsound }: Pick<ReadConfig, 'document' | 'problems'>,
  planned: readonly PlanProblem[],
): StageProblems {
  const reported = reportedProblems({ document, unsound, planned });
  const last = endingProblem(reported, planned);
  const all = reported.map(({ message, span, planned: problem }: ReportedProblem): StageProblem => {
    const { line, character } = document.lines.position(span?.start ?? 0);
    return {
      message,
      ...(problem?.advice ? { advice: problem.advice } : {}),
      line: line + 1,
      character: character + 1,
      harmless: problem?.refusal === null,
    };
  });
  return { all, last: (last && all[reported.indexOf(last)]) ?? null };
}
