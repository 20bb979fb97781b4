import type { Answers, QuestionKind } from '../data/facts.ts';
import { message, type Message } from '../message/message.ts';
import type { RuleContext } from './rule.ts';

type Context = Pick<RuleContext, 'facts' | 'stage'>;

/** `comparesNothing` of a rule that reads one answer about its stage. `reason`: null if something was compared. */
export function nothingIn<K extends Exclude<QuestionKind, 'label-values'>>(
  kind: K,
  reason: (answer: Answers[K]) => Message | null,
): (context: Context) => Message | null {
  return ({ facts, stage }) => {
    const answer = facts.answer({ kind, stage: stage.name });
    return answer && 'value' in answer ? reason(answer.value) : null;
  };
}

/** The reason if none of these counts of compared rows is above 0. */
export function noRows(...counts: readonly number[]): Message | null {
  return counts.some((rows) => rows > 0) ? null : message('no row of the file can be compared');
}
