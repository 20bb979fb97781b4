import type { Completion } from './completion.ts';
import type { AssistContext } from './context.ts';
import { keyCompletions } from './keyCompletions.ts';
import type { Known } from './known.ts';
import { valueCompletions } from './valueCompletions.ts';

/** Proposals at a cursor, the most likely first. */
export function completions(context: AssistContext, known: Known): Completion[] {
  return context.at === 'key' ? keyCompletions(context, known) : valueCompletions(context, known);
}
