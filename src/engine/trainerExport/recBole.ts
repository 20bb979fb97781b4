import { basename, dirname } from 'node:path';
import { message, type Message } from '../../core/message/message.ts';
import { recBoleConfig } from '../../core/sampling/trainerExport/recBoleConfig.ts';
import type { HandedFile } from '../../core/sampling/trainerExport/summary.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { attributesOf, type Attributes } from './attributes.ts';
import { writeTable, type DrawnPart, type ExportedFiles, type ExportJob } from './exportJob.ts';
import { freeSeparator, refuseNames, refuseSeparators } from './plainTexts.ts';
import { recBoleHistories, recBoleSequence, type RecBoleHistories } from './recBoleSequence.ts';

const separators = [' ', ',', ';', '|', '#'] as const;
const splits = { train: 'train', eval: 'valid' } as const;

/** Users or items with their attributes. */
interface Described extends Attributes {
  readonly of: 'user' | 'item';
  /** FROM item with `id` and the attributes. It includes everything in the data sets, and everything that was drawn. */
  readonly from: string;
  readonly path: string;
}

/**
 * Atomic files: `.inter` with the drawn rows, `.item` and `.user` with the attributes. With two parts, `.train.inter`
 * and `.valid.inter`.
 * Source: RecBole, docs/source/user_guide/data/atomic_files.rst.
 * @throws FailureError if an id or an attribute cannot be written
 */
export async function writeRecBole(job: ExportJob): Promise<ExportedFiles> {
  const {
    request: {
      output: { path, named },
      sequence,
    },
    parts,
    sampled: { tables, data, timezone },
    work,
  } = job;
  const name = basename(path);
  const log = data.log.impressions.ref.path;
  for (const { rows } of parts) {
    const ids = (['user', 'item'] as const).map((of) => ({ name: of, sql: `CAST(${quoteIdentifier(of)} AS VARCHAR)` }));
    await refuseSeparators(tables, { from: rows, id: 'CAST("user" AS VARCHAR)', columns: ids, path: log }, work);
  }
  const instant = await instantOf(job, timezone);
  const histories = sequence ? await recBoleHistories(recBoleSequence(sequence), job, instant) : null;
  const described = [itemsOf(job), usersOf(job)].filter((table) => table !== null);
  for (const table of described) await refuseTexts(table, job);
  const historyLists = histories?.from.map((from) => ({ from, attributes: histories.lists })) ?? [];
  const lists = [...described, ...historyLists].map(({ from, attributes }) => ({
    from,
    sql: attributes.flatMap(({ kind, values }) =>
      values !== null && kind === 'token_seq' ? [`array_to_string(${values}, '')`] : [],
    ),
  }));
  const separator = await freeSeparator(tables, separators, lists, described[0]?.path ?? log, work);

  const files: HandedFile[] = [];
  for (const [k, part] of parts.entries())
    files.push(
      await writeTable(
        job,
        parts.length === 1 ? `${name}.inter` : `${name}.${splits[part.plan.split]}.inter`,
        histories ? positives(histories, k, separator, instant) : interactions(part, instant),
        true,
      ),
    );
  for (const { of, from, attributes } of described) {
    const columns = attributes.map((one) => `${one.text(separator)} AS ${quoteIdentifier(`${one.name}:${one.kind}`)}`);
    files.push(
      await writeTable(
        job,
        `${name}.${of}`,
        `SELECT ${[`id AS ${quoteIdentifier(`${of}_id:token`)}`, ...columns].join(', ')} FROM ${from} ORDER BY id`,
        true,
      ),
    );
  }
  const columnsOf = (of: Described['of']): readonly string[] | null =>
    described.find((one) => one.of === of)?.attributes.map((attribute) => attribute.name) ?? null;
  const config = recBoleConfig({
    folder: dirname(named),
    name,
    split: parts.length > 1,
    sequenceSeparator: separator,
    columns: { item: columnsOf('item'), user: columnsOf('user') },
    sequence:
      sequence && histories ? { length: sequence.length, lists: histories.lists.map((list) => list.name) } : null,
  });
  return {
    files,
    texts: { [`${name}.yaml`]: config },
    notices: noticesOf(described, histories, parts.length > 1),
  };
}

function noticesOf(
  described: readonly Described[],
  histories: RecBoleHistories | null,
  hasEvaluation: boolean,
): Message[] {
  return [
    ...described.flatMap(({ left }) => left),
    ...(histories?.notices ?? []),
    histories
      ? message('The rows are positives with their histories, without negatives. Use a loss over all items')
      : message(
          'The rows are the same as in the preview. RecBole draws no rows if train_neg_sample_args is empty. Its pointwise models read the labels',
        ),
    ...(hasEvaluation
      ? [message('RecBole needs three splits: the rows of window.eval are used for the last two')]
      : []),
  ];
}

/** @throws FailureError if names or values of attributes cannot be in a file of RecBole */
async function refuseTexts({ attributes, from, path }: Described, { sampled, work }: ExportJob): Promise<void> {
  refuseNames(
    attributes.map(({ name }) => name),
    path,
  );
  const columns = attributes.map((attribute) => ({ name: attribute.name, sql: attribute.text(' ') }));
  await refuseSeparators(sampled.tables, { from, id: 'id', columns, path }, work);
}

/** SQL of a time of the rows as microseconds since 1970. Local times are in the time zone of the config. */
async function instantOf(
  { parts: [{ rows }], sampled: { tables }, work }: ExportJob,
  timezone: string,
): Promise<(time: string) => string> {
  const types = await tables.rows(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${rows})`, work);
  const zoned = types.some(([column, type]) => column === 'time' && String(type) === 'TIMESTAMP WITH TIME ZONE');
  return (time) => `epoch_us(${zoned ? time : `timezone(${quoteLiteral(timezone)}, ${time})`})`;
}

function interactions({ rows }: DrawnPart, instant: (time: string) => string): string {
  return `SELECT CAST("user" AS VARCHAR) AS "user_id:token", CAST(item AS VARCHAR) AS "item_id:token", label AS "label:float", ${instant('"time"')} / 1e6 AS "timestamp:float", weight AS "weight:float"
    FROM ${rows} ORDER BY file_row_number`;
}

function positives(
  { from, lists }: RecBoleHistories,
  k: number,
  separator: string,
  instant: (time: string) => string,
): string {
  const texts = lists.map((list) => `${list.text(separator)} AS ${quoteIdentifier(`${list.name}:${list.kind}`)}`);
  return `SELECT CAST("user" AS VARCHAR) AS "user_id:token", CAST(item AS VARCHAR) AS "item_id:token", ${instant('"time"')} / 1e6 AS "timestamp:float", weight AS "weight:float", ${texts.join(', ')}
    FROM ${from[k] ?? ''} ORDER BY file_row_number`;
}

function itemsOf({ parts, sampled }: ExportJob): Described | null {
  const {
    tables,
    data: { items },
  } = sampled;
  if (!items) return null;
  const found = attributesOf(
    tables.table(items.ref),
    items.attributes.filter((name) => name !== 'item_id'),
  );
  const corpus = sampled.corpus({ carried: found.attributes.map(({ name }) => name) }) ?? '';
  return { ...found, of: 'item', from: withDrawn(corpus, 'item', parts), path: items.ref.path };
}

function usersOf({ parts, sampled }: ExportJob): Described | null {
  const {
    tables,
    data: { users },
  } = sampled;
  if (!users) return null;
  const found = attributesOf(
    tables.table(users.ref),
    users.attributes.filter((name) => name !== 'user_id'),
  );
  const rows =
    sampled.users(
      [],
      found.attributes.map(({ name }) => name),
    ) ?? '';
  return { ...found, of: 'user', from: withDrawn(rows, 'user', parts), path: users.ref.path };
}

/**
 * RecBole drops rows whose item or user has no row in its file. So drawn ids without a description get a row without
 * attributes.
 */
function withDrawn(described: string, of: 'user' | 'item', parts: readonly DrawnPart[]): string {
  const id = `CAST(${quoteIdentifier(of)} AS VARCHAR)`;
  const drawn = parts.map(({ rows }) => `SELECT ${id} AS id FROM ${rows}`).join(' UNION ');
  const known = `(SELECT ${id} AS id, * EXCLUDE (${quoteIdentifier(of)}) FROM ${described} WHERE ${quoteIdentifier(of)} IS NOT NULL)`;
  return `(SELECT * FROM ${known} UNION ALL BY NAME SELECT id FROM (${drawn}) WHERE id NOT IN (SELECT id FROM ${known}))`;
}
