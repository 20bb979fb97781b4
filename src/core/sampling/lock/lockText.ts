import type { RowsDigest } from '../../table/rowsDigest.ts';
import type { TeacherCoverage } from '../drawn.ts';
import type { LockedEntry, LockedOutput, LockedRows, QFigures, SampleLock } from './sampleLock.ts';

/**
 * Writes a lock file: JSON with one fact, one file, one entry per line, so that two can be diffed line by line. Equal
 * locks give equal texts. `media/schemas/lock.schema.json` describes it.
 */
export function lockText(lock: SampleLock): string {
  const {
    format,
    generator,
    stage,
    unit,
    seed,
    epoch,
    split,
    users,
    config,
    plan,
    knownUntil,
    data,
    output,
    files,
    digest,
    counts,
    eventCounts,
    historyCounts,
    unknownCounts,
    teacher,
    entries,
    logQMix,
  } = lock;
  const sets = Object.entries(data).map(([name, { path, sha256, bytes, files }]) =>
    sha256 === undefined || files === undefined
      ? `${json(name)}: ${json({ path })}`
      : `${json(name)}: {\n      "path": ${json(path)},\n      "sha256": ${json(sha256)},\n      "bytes": ${bytes},\n      "files": ${list(files, '        ')}\n    }`,
  );
  return `${[
    '{',
    `  "format": ${format},`,
    `  "generator": ${json(generator)},`,
    ...Object.entries({ stage, unit, seed, epoch, split, known_until: knownUntil, users }).flatMap(([name, value]) =>
      value === undefined ? [] : [`  ${json(name)}: ${json(value)},`],
    ),
    `  "config": {\n    "path": ${json(config.path)},\n    "sha256": ${json(config.sha256)},\n    "variables": ${json(config.variables)}\n  },`,
    `  "plan": {\n    "sha256": ${json(plan.sha256)},\n    "settings": ${record(plan.settings, '      ')}\n  },`,
    `  "data": {\n    ${sets.join(',\n    ')}\n  },`,
    `  "output": ${json(outputJson(output))},`,
    ...(files === undefined ? [] : [`  "files": ${list(files.map(fileJson), '    ')},`]),
    ...(digest === undefined ? [] : [`  "digest": ${json(digestJson(digest))},`]),
    `  "counts": ${json({ users: counts.users, groups: counts.groups, positives: counts.positives, negatives: counts.negatives, unreached: counts.unreached, ...(counts.withoutExposure === undefined ? {} : { without_exposure: counts.withoutExposure }) })},`,
    ...(eventCounts === undefined ? [] : [`  "event_counts": ${json(eventCounts)},`]),
    ...(historyCounts === undefined ? [] : [`  "history_counts": ${json(historyCounts)},`]),
    ...(unknownCounts === undefined ? [] : [`  "unknown_counts": ${json(unknownCounts)},`]),
    ...(teacher === undefined ? [] : [`  "teacher": ${list(teacher.map(coverageJson), '    ')},`]),
    `  "entries": ${list(entries.map(entryJson), '    ')},`,
    `  "log_q_mix": {\n    "positives": ${json(qJson(logQMix.positives))},\n    "negatives": ${json(qJson(logQMix.negatives))}\n  }`,
    '}',
  ].join('\n')}\n`;
}

/** Keys without a value are not written. */
function outputJson(output: LockedOutput): unknown {
  const { format, layout, order, shards, partition, columns, rows, bytes, sha256 } = output;
  return { format, layout, order, shards, partition, columns, rows, bytes, sha256 };
}

function fileJson({ path, rows, bytes, sha256 }: LockedRows): unknown {
  return { path, rows, bytes, sha256 };
}

function digestJson({ algorithm, rows, value, columns }: RowsDigest): unknown {
  return { algorithm, rows, value, columns };
}

function coverageJson({ name, trusted, known }: TeacherCoverage): unknown {
  return { entry: name, trusted, known };
}

function entryJson({
  name,
  source,
  asked,
  refilled,
  drawn,
  shortGroups,
  shortfalls: { attempts, list: short, pool },
  effectiveShare,
  logQ,
}: LockedEntry): unknown {
  return {
    name,
    source,
    asked,
    // Keys without a value are not written.
    refilled,
    drawn,
    short_groups: shortGroups,
    shortfalls: { attempts, list: short, pool },
    effective_share: effectiveShare,
    log_q: qJson(logQ),
  };
}

function qJson(figures: QFigures | null): unknown {
  return (
    figures && {
      rows: figures.rows,
      mean: figures.mean,
      least: figures.least,
      greatest: figures.greatest,
      bins: figures.bins,
    }
  );
}

const json = (value: unknown): string => JSON.stringify(value);

function list(elements: readonly unknown[], indent: string): string {
  return elements.length === 0
    ? '[]'
    : `[\n${elements.map((one) => indent + json(one)).join(',\n')}\n${indent.slice(2)}]`;
}

function record(values: Readonly<Record<string, string>>, indent: string): string {
  const pairs = Object.entries(values).map(([name, value]) => `${indent}${json(name)}: ${json(value)}`);
  return pairs.length === 0 ? '{}' : `{\n${pairs.join(',\n')}\n${indent.slice(2)}}`;
}
