import { stepColumnName, type Sequence } from '../../core/data/sequences.ts';
import { fail, type FailureError } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import { formatCount } from '../../core/table/format.ts';
import { logicalType } from '../database/logicalType.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { attribute, kindOf, type Attribute } from './attributes.ts';
import type { DrawnPart, ExportJob } from './exportJob.ts';
import { refuseNames, refuseSeparators } from './plainTexts.ts';

type Column = Sequence['columns'][number];

/** The positives with a history, and the lists of their histories. */
export interface RecBoleHistories {
  readonly lists: readonly Attribute[];
  /** FROM items with the lists, in the order of the parts. */
  readonly from: readonly string[];
  readonly notices: readonly Message[];
}

/** The sequence as RecBole's models read it: with items, the oldest step first. */
export function recBoleSequence(sequence: Sequence): Sequence {
  const columns: readonly Column[] = [...new Set<Column>(['item', ...sequence.columns])];
  return { ...sequence, columns, isNewestFirst: false };
}

/** RecBole pairs the list `x_list` with the column `x` of the row. */
function listName(column: Column): string {
  const name = column === 'item' ? 'item_id' : column === 'time' ? 'timestamp' : stepColumnName(column);
  return `${name}_list`;
}

/**
 * The histories of the positives. Positives without steps are left out and counted, because RecBole's models read the
 * last step.
 * @param instant SQL of a time as microseconds since 1970
 * @throws FailureError if RecBole cannot read a list, or no positive of a part has a step
 */
export async function recBoleHistories(
  sequence: Sequence,
  job: ExportJob,
  instant: (time: string) => string,
): Promise<RecBoleHistories> {
  const { parts, sampled, work } = job;
  const { path } = sampled.data.log.impressions.ref;
  if (sequence.value !== undefined)
    throw fail('unsupported', message('RecBole reads lists of items, but {0} holds values', sequence.name), {
      place: { path },
      advice: message('Choose a sequence of events with items.'),
    });
  const selected = sequence.columns.map((column) => {
    const list = quoteIdentifier(`${sequence.name}__${stepColumnName(column)}`);
    const read =
      column === 'time'
        ? `list_transform(${list}, lambda x: ${instant('x')} / 1e6)`
        : column === 'age'
          ? `CAST(${list} AS DOUBLE[])`
          : list;
    return `${read} AS ${quoteIdentifier(listName(column))}`;
  });
  const positivesOf = ({ rows }: DrawnPart): string =>
    `(SELECT file_row_number, "user", item, "time", weight, ${selected.join(', ')} FROM ${rows} WHERE label = 1)`;
  const types = await sampled.tables.columns(`SELECT * FROM ${positivesOf(parts[0])}`, work);
  const names = sequence.columns.map(listName);
  refuseNames(names, path);
  const lists = names.map((name, k) => {
    const found = types.find((other) => other.name === name);
    const type = found && logicalType(found.type);
    const kind = type && kindOf(type);
    if (!type || !kind || names.indexOf(name) !== k) throw refusedList(sequence, name, path);
    return attribute(name, quoteIdentifier(name), type, kind);
  });
  const from: string[] = [];
  const notices: Message[] = [];
  for (const part of parts) {
    const positives = positivesOf(part);
    const hasSteps = `len(${quoteIdentifier(listName('item'))}) > 0`;
    const [[all = 0, kept = 0] = []] = await sampled.tables.rows(
      `SELECT count(*), count(*) FILTER (WHERE ${hasSteps}) FROM ${positives}`,
      work,
    );
    if (Number(kept) === 0)
      throw fail('bad-request', message('No positive of {0} has a step in {1}', part.plan.split, sequence.name), {
        place: { path },
      });
    if (kept !== all)
      notices.push(
        message(
          '{0}: {1} of {2} positives have no step in {3} and are left out, because RecBole cannot read empty lists',
          part.plan.split,
          formatCount(Number(all) - Number(kept)),
          formatCount(Number(all)),
          sequence.name,
        ),
      );
    from.push(`(SELECT * FROM ${positives} WHERE ${hasSteps})`);
    await refuseValues(sequence, lists, positives, job);
  }
  return { lists, from, notices };
}

/**
 * RecBole drops empty values from a list. The values after it would then belong to other steps.
 * @throws FailureError if a value is unknown or empty, or contains a tab or a line break
 */
async function refuseValues(
  { name: sequence }: Sequence,
  lists: readonly Attribute[],
  from: string,
  { sampled: { tables, data }, work }: ExportJob,
): Promise<void> {
  const { path } = data.log.impressions.ref;
  const columns = lists.map((list) => ({ name: list.name, sql: list.text(' ') }));
  await refuseSeparators(tables, { from, id: 'CAST("user" AS VARCHAR)', columns, path }, work);
  for (const { name, values } of lists) {
    const [[count = 0] = []] = await tables.rows(
      `SELECT count(*) FROM ${from} WHERE len(list_filter(${values ?? ''}, lambda t: t <> '')) < len(${quoteIdentifier(name)})`,
      work,
    );
    if (Number(count) > 0)
      throw fail(
        'unsupported',
        message(
          '{0} has unknown values in {1} rows. RecBole drops them, so the lists would shift',
          name,
          formatCount(Number(count)),
        ),
        { place: { path, column: name }, advice: removeAdvice(sequence) },
      );
  }
}

function refusedList({ name: sequence }: Sequence, name: string, path: string): FailureError {
  return fail('unsupported', message('RecBole cannot read {0} of the sequence {1}', name, sequence), {
    place: { path, column: name },
    advice: removeAdvice(sequence),
  });
}

const removeAdvice = (sequence: string): Message => message('Remove it from output.sequences.{0}.columns.', sequence);
