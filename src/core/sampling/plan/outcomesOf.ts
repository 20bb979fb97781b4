import type { ConfigDraft } from '../../config/definition/config.ts';
import type { OutcomeEntry } from '../../config/definition/outputEvents.ts';
import { unknownNames } from '../../config/eventConditions.ts';
import { outcomeName } from '../../config/outcomeNames.ts';
import { message } from '../../message/message.ts';
import { microsecondsOf } from '../../source/options.ts';
import type { OutcomeEvent } from '../outcomes.ts';
import type { PlanProblem, StagePlan } from './stagePlan.ts';

/** The labels of further events, each once, and whether rows have a grade. Nothing if the config has neither. */
export function outcomesOf(config: ConfigDraft, problems: PlanProblem[]): Pick<StagePlan, 'outcomes'> {
  const { events: declared = {}, output } = config;
  const events = new Map<string, OutcomeEvent>();
  for (const [index, entry] of (output?.events ?? []).entries()) {
    const event = outcomeOf(entry, config);
    if (event === null || events.has(event.name)) continue;
    if (Object.hasOwn(declared, event.name)) events.set(event.name, event);
    else
      problems.push({
        message: message('There is no event {0} under events', event.name),
        path: ['output', 'events', index],
        refusal: null,
      });
  }
  const graded = output?.graded === true;
  return events.size === 0 && !graded ? {} : { outcomes: { events: [...events.values()], graded } };
}

/** Null for an entry that is still being written. */
function outcomeOf(entry: OutcomeEntry, config: ConfigDraft): OutcomeEvent | null {
  const name = outcomeName(entry);
  if (name === undefined) return null;
  const [unknown] = unknownNames([name], config);
  return {
    name,
    matureAfter: typeof entry === 'string' ? null : microsecondsOf(entry.mature_after),
    ...(unknown === undefined ? {} : { unknown }),
  };
}
