import { fail, type FailureError } from '../message/failure.ts';
import { message, type Message } from '../message/message.ts';
import type { OtherFile, SparkJob, SparkTable } from './sparkJob.ts';

/**
 * Refuses a job that the generator does not know in every part, or whose files Spark cannot read. A script that left
 * something out would draw other rows than the preview.
 */
export function unsupportedFailure(job: SparkJob): FailureError | null {
  const unknown = unknownOptions(job);
  if (unknown.length === 0) return formatFailure(job) ?? folderFailure(job) ?? fileFailure(job) ?? nameFailure(job);
  return fail('unsupported', message('A Spark job cannot do this yet: {0}', unknown.join(', ')), {
    advice: message('Sample on this machine with {0}, or remove it from the config.', 'recsample sample'),
  });
}

/** Files that Spark itself cannot read. */
function formatFailure(job: SparkJob): FailureError | null {
  const tables = tablesOf(job);
  const named = (some: typeof tables): string => some.map(([name]) => `data.${name}`).join(', ');
  const arrow = tables.filter(([, { format }]) => format === 'arrow');
  const zstd = tables.filter(([, { compression }]) => compression === 'zstd');
  const [, first] = arrow[0] ?? zstd[0] ?? [];
  if (first === undefined) return null;
  const place = { path: first.path };
  return arrow.length > 0
    ? fail('unsupported', message('A Spark job cannot read Arrow files: {0}', named(arrow)), {
        place,
        advice: message('Convert them to Parquet, or sample on this machine with {0}.', 'recsample sample'),
      })
    : fail('unsupported', message('Spark 3.5 cannot read text files that zstd compressed: {0}', named(zstd)), {
        place,
        advice: message('Compress them with gzip, or convert them to Parquet.'),
      });
}

/** Spark reads a folder and its partitions, but skips other folders in it. */
function folderFailure(job: SparkJob): FailureError | null {
  const nested = tablesOf(job).find(([, { isNested }]) => isNested);
  if (!nested) return null;
  const [name, { path }] = nested;
  const advice: Message = message('Write partitions as {0}, or a pattern that names the files.', 'name=value');
  return fail('unsupported', message('data.{0} has files in folders that Spark would skip', name), {
    place: { path },
    advice,
  });
}

/** Spark would read other rows by the same path. */
function fileFailure(job: SparkJob): FailureError | null {
  for (const [name, { otherFile }] of tablesOf(job))
    if (otherFile !== null)
      return fail('unsupported', message('Spark would read other files of data.{0}: {1}', name, otherFile.path), {
        place: { path: otherFile.path },
        advice: otherFileAdvice(otherFile),
      });
  return null;
}

/**
 * Spark does not distinguish the case of any letter, also beyond A to Z: it reads one column for another, or ends. Its
 * setting `caseSensitive` is no way out: tables of Hive have names in lower case, and with it Spark reads NULL from
 * files that have others.
 */
function nameFailure(job: SparkJob): FailureError | null {
  for (const [name, { path, columns }] of tablesOf(job)) {
    const first = new Map<string, string>();
    for (const { name: column } of columns) {
      const folded = column.toUpperCase().toLowerCase();
      const other = first.get(folded);
      if (other !== undefined)
        return fail(
          'unsupported',
          message('Spark does not distinguish the columns {0} and {1} of data.{2}', other, column, name),
          { place: { path, column }, advice: message('Rename one of them, or remove it from the files.') },
        );
      first.set(folded, column);
    }
  }
  return null;
}

function otherFileAdvice({ difference }: OtherFile): Message {
  switch (difference) {
    case 'twice':
      return message('Several paths lead to the file, so Spark reads it twice. Remove its links.');
    case 'only by Spark':
      return message(
        'Only Spark reads it. Move it, or write a pattern that does not match it, such as {0}.',
        '*.parquet',
      );
    case 'never by Spark':
      return message('Spark skips names that begin with an underscore or a dot. Rename it.');
  }
}

function tablesOf({ inputs }: SparkJob): (readonly [name: string, table: SparkTable])[] {
  return [...Object.entries(inputs.tables), ...inputs.clicks.map(({ name, table }) => [name, table] as const)];
}

const knownExclude = new Set(['events', 'within', 'lookback', 'history']);

/** Options of `exclude` that are newer than the generator. It must not leave them out silently. */
function unknownOptions({ plan }: SparkJob): string[] {
  const keys = plan.entries.flatMap(({ exclude }) => Object.keys(exclude ?? {}));
  return [...new Set(keys.filter((key) => !knownExclude.has(key)))].map((key) => `exclude.${key}`);
}
