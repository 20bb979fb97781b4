import type { ConfigDraft } from '../../../config/definition/config.ts';
import { conditionOf, isCondition, MAX_COLUMNS, MAX_NESTING, partsOfEvent } from '../../../config/eventConditions.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { undeclaredEvent } from '../../undeclaredEvent.ts';

export const withEvents = (...lines: readonly string[]): string =>
  changed('recall', ['  click: is_click\n', `  click: is_click\n${lines.map((line) => `  ${line}\n`).join('')}`]);

/** True if all events that an event names have a condition, so that it is the first that is too deep. */
function namesConditions(event: string, config: ConfigDraft): boolean {
  return partsOfEvent(event, config).every(
    ({ kind, name }) => kind === 'column' || isCondition(conditionOf(name, config)),
  );
}

export const eventCondition = defineRule({
  id: 'config/event-condition',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check(context): Iterable<Report> {
    const { config } = context;
    for (const event of Object.keys(config.events ?? {})) {
      for (const { kind, name, path: at } of partsOfEvent(event, config)) {
        if (kind !== 'event') continue;
        const others = (): string[] => Object.keys(config.events ?? {}).filter((name) => name !== event);
        const unknown = undeclaredEvent(name, at, context, { names: others });
        if (unknown) yield unknown;
      }
      const condition = conditionOf(event, config);
      if (isCondition(condition) || condition.event !== event) continue;
      if (condition.lacks === 'cycle')
        yield {
          at: ['events', event],
          on: 'key',
          message: message('The event {0} depends on itself, directly or through other events', event),
        };
      if (condition.lacks === 'large')
        yield {
          at: ['events', event],
          on: 'key',
          message: message(
            'The event {0} has more than {1} parts, with those of the events that it names',
            event,
            MAX_COLUMNS,
          ),
        };
      if (condition.lacks === 'deep' && namesConditions(event, config))
        yield {
          at: ['events', event],
          on: 'key',
          message: message('The event {0} names events that name others, more than {1} deep', event, MAX_NESTING),
        };
    }
  },
  docs: {
    summary: 'An event names another event that does not exist, or depends on itself',
    why: `An event can be composed of others: \`{all: […]}\`, \`{any: […]}\`, \`{not: …}\`, where \`{event: click}\` is the
event \`click\`. That event must be declared, and it must not depend on the event that names it: then neither of them
would have a condition.

An event may use at most 1,000 columns, including the events that it names, and events may be nested 100 deep.`,
    source: 'How events are defined (docs/ratio-config.md); the limit keeps queries small.',
    wrong: { text: withEvents('kept: {all: [is_click, {event: long_plai}]}'), reportedAt: 'long_plai' },
    right: { text: withEvents('kept: {all: [is_click, {event: long_play}]}') },
  },
});
