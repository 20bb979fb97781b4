import { sparkNameOf } from '../../table/sparkType.ts';
import { refuseType, refuseUnsafe } from '../refusals.ts';
import type { DeclaredStep, InputStep } from '../script.ts';
import { sparkDialect } from '../../relation/sparkDialect.ts';

const { identifier, text } = sparkDialect;

/** The name of a table as SQL. */
export function tableName({ path, table }: InputStep): string {
  return (table ?? [])
    .map((part) => {
      refuseUnsafe(part, { path });
      return identifier(part);
    })
    .join('.');
}

/** What a failure of the job calls an input: its data set, and where Spark finds it. */
export function inputPlace({ about, path, table }: InputStep): string {
  return `${about[0] ?? ''}, ${table === null ? '' : 'table '}${path}`;
}

/**
 * The statements that end the job if its inputs are not those that it was written for: views, then rows to be written.
 * @param options where the files of an input are, as options of a view
 */
export function declaredStatements(
  { inputs, subject }: DeclaredStep,
  options: (step: InputStep) => readonly string[],
): { readonly views: readonly (readonly string[])[]; readonly rows: readonly string[] } {
  const selects = inputs.map((input): readonly string[] => {
    if (subject === 'files') return noFiles(input);
    return subject === 'types' ? otherTypes(input) : missingColumns(input);
  });
  const files = subject === 'types' ? [] : inputs.filter(({ table }) => table === null);
  return {
    views: files.map((input) => [
      subject === 'files'
        ? `CREATE OR REPLACE TEMPORARY VIEW ${identifier(filesView(input))} USING binaryFile OPTIONS (${options(input).join(', ')})`
        : // All files: a column may be newer than the oldest one. Empty files, which some writers leave, have none.
          `CREATE OR REPLACE TEMPORARY VIEW ${identifier(columnsView(input))} USING parquet OPTIONS (${[...options(input), `mergeSchema 'true'`, `ignoreCorruptFiles 'true'`].join(', ')})`,
    ]),
    rows: selects.flatMap((lines, k) => (k === 0 ? lines : ['UNION ALL', ...lines])),
  };
}

const filesView = ({ name }: InputStep): string => `${name}_files`;
const columnsView = ({ name }: InputStep): string => `${name}_columns`;

/** SELECT with one row, which ends the job if there is no file. The content of the files is not read. */
function noFiles(step: InputStep): readonly string[] {
  return [
    `SELECT coalesce(found, CAST(raise_error(${text(`${inputPlace(step)}: there are no files`)}) AS INT)) AS found`,
    `FROM (SELECT max(one) AS found FROM (SELECT 1 AS one FROM ${identifier(filesView(step))} LIMIT 1) f) q`,
  ];
}

/**
 * A query without rows of an input: NULL for each column. Spark replaces the join by its left side, so the input is not
 * read.
 */
const noRow = (from: string): readonly string[] => [
  'FROM (SELECT 1 AS one) o',
  `LEFT JOIN (SELECT * FROM ${from} WHERE false) r ON true`,
];

/** SELECT with one row, which ends the job if the input lacks columns. Spark finds names in any case. */
function missingColumns(step: InputStep): readonly string[] {
  const lacks = step.columns.map(
    ({ name }) => `CASE WHEN NOT array_contains(names, lower(${text(name)})) THEN ${text(name)} END`,
  );
  const from = step.table === null ? identifier(columnsView(step)) : tableName(step);
  return [
    `SELECT ${raised('missing', `${inputPlace(step)}: the job was written for columns that are missing there: `)}`,
    'FROM (',
    ...concatenated(lacks, 'missing'),
    '  FROM (',
    // The names of the columns, as a list.
    `    SELECT json_object_keys(lower(to_json(struct(r.*), map('ignoreNullFields', 'false')))) AS names`,
    ...noRow(from).map((line) => `    ${line}`),
    '  ) n',
    ') q',
  ];
}

/** SELECT with one row, which ends the job if a table has other types than the config declares. */
function otherTypes(step: InputStep): readonly string[] {
  const differ = step.columns.map(({ name, type }) => {
    const declared = sparkNameOf(type);
    if (declared === null) throw refuseType(step.path, name, type);
    const own = `typeof(r.${identifier(name)})`;
    return `CASE WHEN ${own} <> ${text(declared)} THEN concat(${text(`${name} is declared as ${declared}, but it is `)}, ${own}) END`;
  });
  return [
    `SELECT ${raised('differ', `${inputPlace(step)}: columns have other types than the config declares: `)}`,
    'FROM (',
    ...concatenated(differ, 'differ'),
    ...noRow(tableName(step)).map((line) => `  ${line}`),
    ') q',
  ];
}

function concatenated(texts: readonly string[], as: string): readonly string[] {
  return [
    `  SELECT concat_ws(', ',`,
    ...texts.map((one, k) => `    ${one}${k === texts.length - 1 ? '' : ','}`),
    `  ) AS ${as}`,
  ];
}

function raised(name: string, failure: string): string {
  return `CASE WHEN ${name} <> '' THEN CAST(raise_error(concat(${text(failure)}, ${name})) AS STRING) ELSE ${name} END AS ${name}`;
}
