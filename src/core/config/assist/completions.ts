import type { Completion } from './completion.ts';
import type { AssistContext } from './context.ts';
import { keyCompletions } from './keyCompletions.ts';
import type { Known } from './known.ts';
import { valueCompletions } from './valueCompletions.ts';

/** What can be written at a cursor, the likeliest first. */
export function completions(context: AssistContext, known: Known): Completion[] {
  return context.at === 'key' ? keyCompletions(context, known) : valueCompletions(context, known);
}
