import { insertPair, setValue } from '../../../config/edits.ts';
import type { Entry } from '../../../config/entries.ts';
import type { TextFix } from '../../../config/problem.ts';
import { isLongForm } from '../../../config/longForms.ts';
import { nodeAt, pairOf, valueOf, type ConfigNode, type ConfigPath } from '../../../config/tree.ts';
import { written } from '../../../config/written.ts';
import { message, type Message } from '../../../message/message.ts';
import type { Source } from '../../../source/source.ts';
import type { Role } from '../../../table/role.ts';
import { changed } from '../../examples/example.ts';
import { groupByNames } from '../../groupByNames.ts';
import { defineRule, type Report, type RuleContext } from '../../rule.ts';
import { refillFrom, teacher } from '../../stageReferences.ts';
import { undeclared } from '../../undeclared.ts';
import { undeclaredEvent } from '../../undeclaredEvent.ts';

export const missingInput = defineRule({
  id: 'config/missing-input',
  kind: 'config',
  severity: 'error',
  stages: ['recall', 'coarse_ranking', 'fine_ranking'],
  options: {},
  *check(context): Iterable<Report> {
    yield* events(context);
    const data = nodeAt(context.document.root, ['data']);
    if (context.document.has(['data']))
      for (const entry of context.stage.entries) if (entry.source) yield* inputs(entry, entry.source, data, context);
    yield* refillFrom(context);
    yield* teacher(context);
  },
  docs: {
    summary: 'A source lacks the data, the column or the attribute that it draws from, or a name is not declared',
    why: `A source draws from data that the config must name:

- \`rejected\` draws from \`data.rejections\`.
- \`hard_rank\` draws by the ranks of \`data.candidates\`.
- \`same_attribute\` draws by item attributes.
- \`popularity\` with \`group_by\` draws by a user attribute.

Without this data the entry has nothing to draw from. The job would stop, or the entry would have a shortfall in every
group.

The rule also checks names that must be declared elsewhere in the config: events, the entry in \`refill_from\`, and the
role in \`teacher.column\`. A teacher gives values to requests and exposures; with the unit \`positive\` it has no effect,
which is a warning.`,
    source: `The definition of each source states what the source reads .`,
    wrong: { text: changed('recall', ['match: [city]', 'match: [town]']), reportedAt: 'town' },
    right: { text: changed('recall') },
  },
});

/** Checks the names of events in `positives` and in exclusions. */
function* events(context: RuleContext): Iterable<Report> {
  const {
    stage: { path, entries },
    document,
  } = context;
  const positives = [...path, 'positives', 'events'];
  const weights = document.has(positives) ? document.locate(positives).value : null;
  if (weights?.kind === 'map') {
    for (const { key } of weights.pairs) yield* event(key.source, [...positives, key.source], 'key', [], context);
  }
  for (const at of [[...path, 'negatives'], ...entries.map((entry) => entry.path)]) {
    const list = valueOf(valueOf(nodeAt(document.root, at), 'exclude'), 'events');
    if (list?.kind !== 'list') continue;
    for (const [k, item] of list.items.entries())
      if (item.kind === 'scalar')
        yield* event(item.source, [...at, 'exclude', 'events', k], 'value', ['impressions'], context);
  }
}

function* event(
  name: string,
  at: ConfigPath,
  on: 'key' | 'value',
  eventNames: readonly string[],
  context: RuleContext,
): Iterable<Report> {
  if (eventNames.includes(name)) return;
  const names = (): string[] => [...Object.keys(context.config.events ?? {}), ...eventNames];
  const unknown = undeclaredEvent(name, at, context, { on, names });
  if (unknown) yield unknown;
}

/** Checks the inputs of an entry's source and the names in its options. A list: a generator per entry is slower. */
function inputs({ options, path }: Entry, source: Source, data: ConfigNode | null, context: RuleContext): Report[] {
  const reports: Report[] = [];
  for (const { dataset, columns } of source.inputs) {
    if (!pairOf(data, dataset) || isLongForm(context.document, dataset)) {
      // Missing impressions are reported for the whole config. Without a table, the log says which items there are.
      if (dataset !== 'impressions' && (dataset !== 'items' || columns.includes('attributes')))
        reports.push({
          at: path,
          on: 'key',
          message: message('{0} draws from data.{1}, which is missing in the config', source.name, dataset),
        });
      continue;
    }
    for (const role of columns)
      if (role !== 'attributes' && !isRequired(dataset, role))
        reports.push(...column(dataset, role, { at: path, on: 'key' }, context));
  }
  if (source.name === 'exposed_unclicked' && options['seen'] === 'viewed')
    reports.push(...column('impressions', 'viewed', { at: [...path, 'seen'] }, context));
  if (
    source.name === 'exposed_unclicked' &&
    typeof options['seen'] === 'string' &&
    options['seen'].startsWith('above_last_click')
  ) {
    reports.push(...column('impressions', 'position', { at: [...path, 'seen'] }, context));
    reports.push(...column('impressions', 'request', { at: [...path, 'seen'] }, context));
  }
  if (source.name === 'rejected' && options['before'] === true)
    reports.push(...column('rejections', 'time', { at: [...path, 'before'] }, context));
  if (source.name === 'hard_score')
    reports.push(
      ...column(
        'candidates',
        options['by'] === 'teacher' ? 'teacher' : 'score',
        options['by'] === undefined ? { at: path, on: 'key' } : { at: [...path, 'by'] },
        context,
      ),
    );
  if (source.name === 'hard_rank' && options['channel'] !== undefined)
    reports.push(...column('candidates', 'channel', { at: [...path, 'channel'] }, context));
  if (source.family === 'cascade' && options['by'] === 'channel')
    reports.push(...column('candidates', 'channel', { at: [...path, 'by'] }, context));
  if (source.name === 'popularity' && typeof options['count'] === 'string')
    reports.push(...event(options['count'], [...path, 'count'], 'value', ['impressions'], context));
  if (source.name === 'popularity') {
    for (const { name, at } of groupByNames(options, path)) reports.push(...attribute(name, 'users', at, context));
  }
  if (source.name === 'same_attribute' && Array.isArray(options['match'])) {
    for (const [k, name] of options['match'].entries())
      if (typeof name === 'string') reports.push(...attribute(name, 'items', [...path, 'match', k], context));
  }
  return reports;
}

type Named = 'impressions' | 'items' | 'users' | 'candidates' | 'rejections';

/** Required roles of a data set: `config/missing-key` reports them. */
function isRequired(dataset: Named, role: string): boolean {
  return (
    role === 'item' ||
    (role === 'user' && dataset !== 'candidates') ||
    (role === 'request' && dataset === 'candidates') ||
    (role === 'time' && dataset !== 'candidates')
  );
}

/** Reports a role of `data.<dataset>.columns` that is needed here but missing. */
function* column(
  dataset: Named,
  role: string,
  location: Pick<Report, 'at' | 'on'>,
  { document, facts }: RuleContext,
): Iterable<Report> {
  const columns = ['data', dataset, 'columns'];
  if (!document.has(columns)) {
    if (!document.has(['data', dataset]) && dataset !== 'impressions')
      yield { ...location, message: message('This needs data.{0}, which is missing in the config', dataset) };
    return;
  }
  if (document.locate(columns).value?.kind !== 'map' || document.has([...columns, role])) return;
  const file = facts.dataset(dataset);
  const guess =
    file?.state === 'known' ? file.columns.find((candidate) => candidate.role?.role === (role as Role)) : undefined;
  const fixes: TextFix[] = guess
    ? [
        {
          title: message('Add {0} to the columns of data.{1}', `${role}: ${guess.name}`, dataset),
          changes: insertPair(document, columns, role, written(guess.name, document.language)),
          safe: false,
        },
      ]
    : [];
  yield {
    ...location,
    message: message('This needs the column {0}, but the columns of data.{1} do not name it', role, dataset),
    fixes,
  };
}

/** Reports an attribute that is needed here but missing. */
function* attribute(name: string, dataset: 'items' | 'users', at: ConfigPath, context: RuleContext): Iterable<Report> {
  const { config, document, facts } = context;
  const list = ['data', dataset, 'columns', 'attributes'];
  if (!document.has(['data', dataset])) {
    if (dataset === 'users')
      yield { at, message: message('{0} must be a user attribute, but data.users is missing in the config', name) };
    return;
  }
  const declared = config.data?.[dataset]?.columns?.attributes;
  if (
    declared === undefined
      ? document.has(list) || !document.has(['data', dataset, 'columns'])
      : membersOf(declared).has(name)
  )
    return;
  const report = undeclared(
    name,
    () => declared ?? [],
    at,
    'value',
    context,
    (near) => attributeText(name, dataset, near),
  );
  const file = facts.dataset(dataset);
  const inFile = file?.state === 'known' && file.columns.some((candidate) => candidate.name === name);
  const fix: TextFix[] = inFile
    ? [
        {
          title: message('Add {0} to the attributes of data.{1}', name, dataset),
          changes: setValue(document, list, written([...(declared ?? []), name], document.language)),
          safe: false,
        },
      ]
    : [];
  yield { ...report, fixes: inFile ? [...fix, ...(report.fixes ?? [])] : (report.fixes ?? []) };
}

const members = new WeakMap<readonly string[], ReadonlySet<string>>();

/** A list as a cached set: long lists are searched for every name of other long lists. */
function membersOf(list: readonly string[]): ReadonlySet<string> {
  const set = members.get(list) ?? new Set(list);
  members.set(list, set);
  return set;
}

function attributeText(name: string, dataset: 'items' | 'users', near: string | null): Message {
  return near === null
    ? message('{0} is not among the attributes of data.{1}', name, dataset)
    : message('{0} is not among the attributes of data.{1}. Did you mean {2}?', name, dataset, near);
}
