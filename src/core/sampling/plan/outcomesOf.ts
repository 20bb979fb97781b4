import type { ConfigDraft } from '../../config/definition/config.ts';
import type { OutcomeEntry } from '../../config/definition/outputEvents.ts';
import { outcomeName } from '../../config/outcomeNames.ts';
import { message } from '../../message/message.ts';
import { microsecondsOf } from '../../source/options.ts';
import type { OutcomeEvent } from '../outcomes.ts';
import type { PlanProblem, StagePlan } from './stagePlan.ts';

/** The labels of further events, each once, and whether rows have a grade. Nothing if the config has neither. */
export function outcomesOf(
  { events: declared = {}, output }: ConfigDraft,
  problems: PlanProblem[],
): Pick<StagePlan, 'outcomes'> {
  const events = new Map<string, OutcomeEvent>();
  for (const [index, entry] of (output?.events ?? []).entries()) {
    const event = outcomeOf(entry);
    if (event === null || events.has(event.name)) continue;
    if (Object.hasOwn(declared, event.name)) events.set(event.name, event);
    else
      problems.push({
        message: message('There is no event {0} under events', event.name),
        path: ['output', 'events', index],
        harmless: true,
      });
  }
  const graded = output?.graded === true;
  return events.size === 0 && !graded ? {} : { outcomes: { events: [...events.values()], graded } };
}

/** Null for an entry that is still being written. */
function outcomeOf(entry: OutcomeEntry): OutcomeEvent | null {
  const name = outcomeName(entry);
  if (name === undefined) return null;
  return { name, matureAfter: typeof entry === 'string' ? null : microsecondsOf(entry.mature_after) };
}
