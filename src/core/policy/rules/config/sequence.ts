import type { ConfigDraft } from '../../../config/definition/config.ts';
import { exposureSteps } from '../../../config/historyRules.ts';
import { outcomeName } from '../../../config/outcomeNames.ts';
import type { ConfigPath } from '../../../config/tree.ts';
import {
  hasExposureSteps,
  listColumnName,
  mixedEvent,
  mixedSteps,
  type Sequence,
  sequencesOf,
  unsliceable,
} from '../../../data/sequences.ts';
import { clicksOf, datasetPath } from '../../../data/dataColumns.ts';
import { valueColumnOf } from '../../../data/eventTables.ts';
import { isReservedName } from '../../../data/outputName.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { undeclared } from '../../undeclared.ts';
import { undeclaredEvent } from '../../undeclaredEvent.ts';

/** Puts a sequence `clicks` into the example of recall. */
export const withSequence = (options: string): readonly [string, string] => [
  'output: {layout: long,',
  `output: {layout: long, sequences: {clicks: {${options}}},`,
];

export const sequence = defineRule({
  id: 'config/sequence',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check(context): Iterable<Report> {
    const seen = new Set<string>();
    for (const planned of sequencesOf(context.config)) {
      const at = ['output', 'sequences', planned.name];
      const folded = planned.name.toLowerCase();
      if (seen.has(folded) || isReserved(folded))
        yield {
          at,
          on: 'key',
          message: message('A sequence cannot have the name {0}', planned.name),
          details: [
            message(
              'The columns of the file are named <sequence>__<column>. Names differ in more than the case of letters, have no quotes, slashes, __ or _ at an end, and do not begin as columns of RecSample, such as negative_ and label_.',
            ),
          ],
        };
      seen.add(folded);
      yield* undeclaredEvents(planned, at, context);
      yield* contradictions(planned, at);
      const other = mixedEvent(planned, context.config);
      if (other !== null) yield { at: [...at, 'events'], message: mixedSteps(planned, other) };
      if (context.config.output?.layout === 'user')
        for (const { at: key, text } of unsliceable(planned))
          yield {
            at: [...at, ...key],
            message: message('The layout user stores each step once for all rows, so {0} is not possible', text),
          };
      yield* columnProblems(planned, at, context.config);
    }
    for (const table of clicksOf(context.config)) yield* valueTable(table);
    for (const stage of context.stages) yield* minSteps(stage, context);
    const itemEvents = [...eventsOfOutput(context.config), ...context.stages.flatMap(eventsOfStage)];
    for (const { name, at, on = 'value' } of itemEvents)
      if (valueColumnOf(name, context.config) !== null)
        yield { at, on, message: message('The event {0} has no item: it can only be a step of a sequence', name) };
  },
  docs: {
    summary: 'The keys of a sequence contradict each other, or name an event that is not declared',
    why: `A sequence is a list of steps: events of the user, or exposures. Some keys only make sense together:

- The steps are events that the config declares under \`events\`, or \`impressions\`: every exposure.
- \`without\` selects exposures without an event, so it needs \`impressions\` in \`events\`. Whether an event follows is
  only known after a while, so it also needs \`available_after\`.
- The column \`session\` needs the key \`session\`, which says when a session starts.
- The layout \`user\` stores each step once, in the order of time, and a row has a slice of the steps. So it has no
  \`dedup\`, no \`newest_first\`, and no columns \`age\` and \`session\`, which depend on the row.
- Events of a table with \`columns.value\`, such as searches, have no item. They can only be steps, in a sequence of
  their own.
- \`positives.min_steps\` names a sequence of the config, with a number of steps that its \`length\` allows. Only the unit
  \`positive\` has it.
- A step has the columns of its own row and the attributes of its item. It has no columns of users or candidates, and no
  as-of values.

The columns of the file are named \`<sequence>__<column>\`. So \`__\` cannot be in the name of a sequence, and two columns
of a sequence cannot have the same name.`,
    source: 'By definition of `output.sequences`.',
    wrong: {
      text: changed('recall', withSequence('events: [click], length: 50, available_after: 1m, without: [long_play]')),
      reportedAt: '[long_play]',
    },
    right: {
      text: changed(
        'recall',
        withSequence('events: [impressions], length: 50, available_after: 30m, without: [click, long_play]'),
      ),
    },
  },
});

/** A table with values in place of items has steps only, and they need times. */
function* valueTable({ name, columns, events }: ReturnType<typeof clicksOf>[number]): Iterable<Report> {
  const at = datasetPath(name);
  if (columns?.value === undefined) return;
  if (columns.item !== undefined)
    yield {
      at: [...at, 'columns', 'value'],
      message: message('The events of data.{0} have either an item or a value, not both', name),
    };
  else if (columns.time === undefined)
    yield {
      at: [...at, 'columns'],
      on: 'key',
      message: message('data.{0} has values for sequences, so it needs the column time', name),
    };
  if (events === undefined)
    yield {
      at: [...at, 'columns', 'value'],
      message: message('data.{0} has values for sequences, so it needs the key events: which events it has', name),
    };
}

/** A name of an event where only events with items can be. */
interface NamedEvent {
  readonly name: string;
  readonly at: ConfigPath;
  readonly on?: 'key';
}

/** The events whose outcomes are columns, and those that take exposures out of a sequence. */
function eventsOfOutput({ output }: ConfigDraft): NamedEvent[] {
  return [
    ...(output?.events ?? []).map((entry, k) => ({ name: outcomeName(entry) ?? '', at: ['output', 'events', k] })),
    ...Object.entries(output?.sequences ?? {}).flatMap(([sequence, { without = [] }]) =>
      without.map((name, k) => ({ name, at: ['output', 'sequences', sequence, 'without', k] })),
    ),
  ];
}

/** The events that are positives or exclude items. */
function eventsOfStage({
  path,
  draft: { positives, negatives },
  entries,
}: RuleContext['stages'][number]): NamedEvent[] {
  const excluding = [
    { at: [...path, 'negatives', 'exclude'], exclude: negatives?.exclude },
    ...entries.map((entry) => ({
      at: [...entry.path, 'exclude'],
      exclude: entry.options['exclude'],
    })),
  ];
  return [
    ...Object.keys(positives?.events ?? {}).map((name) => ({
      name,
      at: [...path, 'positives', 'events', name],
      on: 'key' as const,
    })),
    ...excluding.flatMap(({ at, exclude }) =>
      (typeof exclude === 'object' ? (exclude.events ?? []) : []).map((name, k) => ({
        name,
        at: [...at, 'events', k],
      })),
    ),
  ];
}

function* minSteps({ path, unit, draft }: RuleContext['stages'][number], context: RuleContext): Iterable<Report> {
  const { config, document } = context;
  const at = [...path, 'positives', 'min_steps'];
  const names = Object.keys(config.output?.sequences ?? {});
  for (const [name, steps] of Object.entries(draft.positives?.min_steps ?? {})) {
    const { length = Infinity } = config.output?.sequences?.[name] ?? {};
    if (!document.has(['output', 'sequences', name]) && !name.includes('${'))
      yield undeclared(
        name,
        () => names,
        [...at, name],
        'key',
        context,
        (near) =>
          near === null
            ? message('There is no sequence {0} under output.sequences', name)
            : message('There is no sequence {0} under output.sequences. Did you mean {1}?', name, near),
      );
    else if (steps > length)
      yield {
        at: [...at, name],
        message: message('No history of {0} has {1} steps: its length is {2}', name, steps, length),
      };
  }
  if (unit !== undefined && unit !== 'positive' && draft.positives?.min_steps !== undefined)
    yield {
      at,
      on: 'key',
      message: message('min_steps works only with the unit positive: groups of other units may have no positive'),
    };
}

function* undeclaredEvents(
  { name: sequenceName, events, without }: Sequence,
  at: ConfigPath,
  context: RuleContext,
): Iterable<Report> {
  const isList = Array.isArray(context.config.output?.sequences?.[sequenceName]?.events);
  for (const [index, { name }] of events.entries()) {
    if (name === exposureSteps) continue;
    const place = [...at, 'events', isList ? index : name];
    const names = (): string[] => [...Object.keys(context.config.events ?? {}), exposureSteps];
    const unknown = undeclaredEvent(name, place, context, { on: isList ? 'value' : 'key', names });
    if (unknown) yield unknown;
  }
  for (const [index, name] of without.entries()) {
    const unknown = undeclaredEvent(name, [...at, 'without', index], context);
    if (unknown) yield unknown;
  }
}

function* contradictions(planned: Sequence, at: ConfigPath): Iterable<Report> {
  if (planned.events.length === 0)
    yield { at: [...at, 'events'], message: message('The sequence has no events: name one, or impressions') };
  if (planned.without.length > 0 && !hasExposureSteps(planned))
    yield {
      at: [...at, 'without'],
      message: message('without selects exposures, but impressions is not among the events of {0}', planned.name),
    };
  else if (planned.without.length > 0 && planned.availableAfter === 0)
    yield {
      at: [...at, 'without'],
      message: message('without needs available_after: at the time of an exposure, no event has followed yet'),
    };
  const session = planned.columns.indexOf('session');
  if (session >= 0 && planned.session === null)
    yield {
      at: [...at, 'columns', session],
      message: message('The column session needs the key session: it says when a session starts'),
    };
}

/** True for a name whose columns a reader would take for others. */
const isReserved = (name: string): boolean =>
  /^$|__|^_|_$|^neg(ative)?s?(_|$)|[\p{C}"'`/\\]/u.test(name) || isReservedName(name, []);

function* columnProblems(sequence: Sequence, at: ConfigPath, config: ConfigDraft): Iterable<Report> {
  const seen = new Set<string>();
  for (const [index, column] of sequence.columns.entries()) {
    const place = [...at, 'columns', index];
    const name = listColumnName(column, sequence, config);
    if (seen.has(name.toLowerCase()))
      yield { at: place, message: message('The sequence would have two columns with the name {0}', name) };
    seen.add(name.toLowerCase());
    if (typeof column === 'string') continue;
    const { from, side, max_age: age } = column;
    const isOfItem = from === 'items' && side === 'item';
    const isOfRow = from !== 'items' && side === 'exposure';
    const hasSource = from === undefined || from === 'impressions' || from === 'items';
    if (!hasSource || age !== undefined || (side !== undefined && !isOfItem && !isOfRow))
      yield {
        at: place,
        message: message('{0} is not a column of a step', column.column),
        details: [
          message('A step has the columns of its own row and the attributes of its item. Remove side and max_age.'),
        ],
      };
  }
}
