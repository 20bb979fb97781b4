import { columnNamed } from '../../../data/columnKinds.ts';
import { clicksOf, datasetPath, type ClicksTable } from '../../../data/dataColumns.ts';
import { columnsOfEvent } from '../../../config/eventConditions.ts';
import { tablesOfEvent } from '../../../data/eventTables.ts';
import { message } from '../../../message/message.ts';
import { datasetNeeds } from '../../datasetNeeds.ts';
import { changed } from '../../examples/example.ts';
import { files } from '../../examples/files.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { undeclaredEvent } from '../../undeclaredEvent.ts';

export const withClicks = (clicks: string, ...replacements: readonly (readonly [string, string])[]): string =>
  changed('recall', ['  users:\n', `  clicks:\n${clicks}  users:\n`], ...replacements);
export const columns = 'columns: {user: user_id, item: item_id, time: ts}';
const search = [
  '  click: is_click\n',
  '  click: is_click\n  search: {column: action, op: "=", value: search_click}\n',
] as const;
/** The actions of the demo as a table of events. */
const actions = (time: string): string =>
  `    path: ../data/actions.parquet\n    columns: {user: user_id, item: item_id${time}}\n    unmatched: positive\n`;
const acted = files('user_id:int64 item_id:int64 ts:timestamp action:string');

export const eventTable = defineRule({
  id: 'schema/event-table',
  kind: 'schema',
  severity: 'error',
  stages: 'document',
  options: {},
  needs: (context) => {
    const tables = clicksOf(context.config).map(({ name }) => name);
    return datasetNeeds(context, tables.length === 0 ? [] : ['impressions', ...tables]);
  },
  *check(context): Iterable<Report> {
    const tables = clicksOf(context.config);
    for (const table of tables) {
      yield* checkEventNames(table, context);
      if (table.unmatched === 'positive' && table.columns?.time === undefined)
        yield {
          at: [...datasetPath(table.name), 'unmatched'],
          message: message('Events without a time cannot be positives: data.{0} has no column {1}', table.name, 'time'),
        };
    }
    yield* reportSharedEvents(context);
    yield* reportDividedEvents(context);
    yield* reportIgnoredColumns(context);
    yield* reportUnusedTables(context);
  },
  docs: {
    summary: 'An event is in several tables or in none, or mixes columns of two tables',
    why: `An event belongs to one table. RecSample finds it by its columns: in the impressions, else in the tables of
\`data.clicks\`. If several of these have the column, the key \`events\` of a table says that it has the event.

A composed event, such as \`{all: [is_click, is_paid]}\`, is decided by columns of one table. It cannot combine columns
of several tables.

\`unmatched: positive\` makes groups at the time of the event. So the table needs a column \`time\`.

If the key \`events\` of a table has an event whose column is also in the impressions, RecSample ignores the column of
the impressions. Clicks of the log are then negatives. This is a warning: give the events of the table another name,
such as \`found: is_click\`, and list both names under \`positives.events\`. A table from which no event is read is a
warning too.`,
    source: 'The rules in [Events](../../ratio-config.md#events).',
    wrong: {
      text: withClicks(actions(''), search),
      datasets: { clicks: acted },
      reportedAt: 'positive',
      after: 'unmatched: ',
    },
    right: { text: withClicks(actions(', time: ts'), search), datasets: { clicks: acted } },
  },
});

/** Checks the names under `events` of a table. */
function* checkEventNames({ name: table, events = [] }: ClicksTable, context: RuleContext): Iterable<Report> {
  for (const [k, name] of events.entries()) {
    const at = [...datasetPath(table), 'events', k];
    const [first] = clicksOf(context.config).filter((other) => other.events?.includes(name) === true);
    const unknown = undeclaredEvent(name, at, context);
    // The nearest event may not be one of this table, so there is no fix.
    if (unknown) yield { ...unknown, fixes: [] };
    else if (first !== undefined && first.name !== table)
      yield { at, message: message('data.{0} already has the event {1}', first.name, name) };
  }
}

/** Events whose columns are in several tables, none of which names them. */
function* reportSharedEvents({ config, facts }: RuleContext): Iterable<Report> {
  for (const event of Object.keys(config.events ?? {})) {
    const isNamed = clicksOf(config).some(({ events = [] }) => events.includes(event));
    if (isNamed) continue;
    const eventColumns = columnsOfEvent(event, config);
    const tables = tablesOfEvent(event, config).filter((table) => {
      const file = facts.dataset(table);
      return (
        file?.state === 'known' && eventColumns.length > 0 && eventColumns.every((name) => columnNamed(file, name))
      );
    });
    const [first, second] = tables;
    if (first === undefined || second === undefined || first === 'impressions') continue;
    yield {
      at: ['events', event],
      message: message(
        'data.{0} and data.{1} both have the column {2} of the event {3}',
        first,
        second,
        eventColumns.join(', '),
        event,
      ),
      details: [message('Add {0} to the table that has the event.', `events: [${event}]`)],
    };
  }
}

/** Events of a table whose columns the impressions have too, while no event of the impressions reads these. */
function* reportIgnoredColumns({ config, facts }: RuleContext): Iterable<Report> {
  const impressions = facts.dataset('impressions');
  if (impressions?.state !== 'known') return;
  const tables = clicksOf(config);
  const read = new Set(
    Object.keys(config.events ?? {})
      .filter((event) => !tables.some(({ events = [] }) => events.includes(event)))
      .flatMap((event) => columnsOfEvent(event, config)),
  );
  for (const { name: table, events = [] } of tables)
    for (const [k, event] of events.entries()) {
      const eventColumns = columnsOfEvent(event, config);
      const isShared =
        eventColumns.length > 0 && eventColumns.every((name) => columnNamed(impressions, name) && !read.has(name));
      if (!isShared) continue;
      yield {
        at: [...datasetPath(table), 'events', k],
        severity: 'warning',
        message: message(
          '{0} is an event of data.{1}, so {2} of the impressions is ignored',
          event,
          table,
          eventColumns.join(', '),
        ),
        details: [message('To count both, give the events of data.{0} another name under events.', table)],
      };
    }
}

/** Tables from which no event is read. */
function* reportUnusedTables({ config, facts }: RuleContext): Iterable<Report> {
  const impressions = facts.dataset('impressions');
  if (impressions?.state !== 'known') return;
  const tables = clicksOf(config);
  const openEvents = Object.keys(config.events ?? {})
    .filter((event) => !tables.some(({ events = [] }) => events.includes(event)))
    .map((event) => columnsOfEvent(event, config))
    .filter((columns) => columns.length > 0 && !columns.every((name) => columnNamed(impressions, name)));
  for (const { name: table, events } of tables) {
    const file = facts.dataset(table);
    if (events !== undefined || file?.state !== 'known') continue;
    if (openEvents.some((columns) => columns.every((name) => columnNamed(file, name)))) continue;
    yield {
      at: datasetPath(table),
      on: 'key',
      severity: 'warning',
      message: message('No event is read from data.{0}', table),
      details: [
        message(
          'An event is read from the impressions if they have its columns. Name the events of this table in {0}.',
          'events: […]',
        ),
      ],
    };
  }
}

/** Composed events whose columns exist, but not together in one table. */
function* reportDividedEvents({ config, facts }: RuleContext): Iterable<Report> {
  for (const event of Object.keys(config.events ?? {})) {
    const eventColumns = columnsOfEvent(event, config);
    if (eventColumns.length < 2) continue;
    const files = tablesOfEvent(event, config).map((table) => facts.dataset(table));
    const hasColumn = (table: (typeof files)[number], name: string): boolean =>
      table?.state === 'known' && columnNamed(table, name) !== undefined;
    if (files.some((table) => table?.state !== 'known' || eventColumns.every((name) => hasColumn(table, name))))
      continue;
    // A column that no table has is reported by another rule.
    if (!eventColumns.every((name) => files.some((table) => hasColumn(table, name)))) continue;
    yield {
      at: ['events', event],
      on: 'key',
      message: message('No table has all columns of the event {0}: {1}', event, eventColumns.join(', ')),
    };
  }
}
