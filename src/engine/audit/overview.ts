import { message } from '../../core/message/message.ts';
import type { Work } from '../database/connections.ts';
import { numberIn, optionalNumberIn, textIn } from '../database/numberIn.ts';
import type { AuditWorld } from './auditWorld.ts';

const counting = message('Counting rows');
/** Name of the counts in `AuditWorld.counted`. */
const TABLE = 'overview';

/** What one pass over few columns tells: the first figures, and how the groups are counted. */
export interface Overview {
  readonly rows: number;
  readonly positives: number;
  readonly negatives: number;
  /** Negatives by entry, the most frequent first; null if nothing names the entries. */
  readonly entries: readonly { readonly entry: string | null; readonly rows: number }[] | null;
  /** Whether all rows with an entry are negatives. */
  readonly isOfNegatives: boolean;
  /** Of the negatives. Null without the column `logq_correction`. */
  readonly corrections: {
    readonly missing: number;
    /** Of −`logq_correction`; 0 if all are missing. */
    readonly least: number;
    readonly largest: number;
  } | null;
}

/** Several phases ask for it. A world is that of one sample or part, as long as its files are open. */
const known = new WeakMap<AuditWorld, Promise<Overview>>();

/** Reads the narrow columns of the sample once. */
export async function overviewOf(world: AuditWorld, work: Work): Promise<Overview> {
  const found = known.get(world);
  if (found) return await found;
  const overview = readOverview(world, work);
  known.set(world, overview);
  return await world.kept(overview, () => known.delete(world));
}

async function readOverview(world: AuditWorld, work: Work): Promise<Overview> {
  const { sample } = world;
  const entry = sample.entryColumn();
  const isCorrected = sample.has('logq_correction');
  const label = sample.hasLabel() ? 'label' : 'CAST(NULL AS BOOLEAN)';
  const select = [
    `${entry ?? 'CAST(NULL AS VARCHAR)'} AS e`,
    // The value says what the label is. One key less is an eighth of the time.
    ...(hasNarrowLabels(world) ? ['"label@value" AS value', `any_value(${label}) AS label`] : [`${label} AS label`]),
    'count(*) AS n',
    ...(isCorrected
      ? ['count(logq_correction) AS corrected', '-max(logq_correction) AS least', '-min(logq_correction) AS largest']
      : ['0 AS corrected', 'NULL AS least', 'NULL AS largest']),
  ];
  const table = await world.counted(
    TABLE,
    `SELECT ${select.join(', ')} FROM ${sample.sql} GROUP BY ALL`,
    counting,
    work,
  );
  const [row] = await world.rows(
    `SELECT coalesce(sum(n), 0), coalesce(sum(n) FILTER (WHERE label), 0), coalesce(sum(n) FILTER (WHERE NOT label), 0), sum(n - corrected) FILTER (WHERE NOT label), min(least) FILTER (WHERE NOT label), max(largest) FILTER (WHERE NOT label), coalesce(sum(n) FILTER (WHERE e IS NOT NULL AND label IS DISTINCT FROM false), 0) FROM ${table}`,
    counting,
    work,
  );
  const entries =
    entry === null
      ? null
      : await world.rows(
          `SELECT e, sum(n) AS n FROM ${table} WHERE label = false GROUP BY e ORDER BY n DESC, e`,
          counting,
          work,
        );
  return {
    rows: numberIn(row, 0),
    positives: numberIn(row, 1),
    negatives: numberIn(row, 2),
    entries: entries && entries.map((own) => ({ entry: textIn(own), rows: numberIn(own, 1) })),
    isOfNegatives: numberIn(row, 6) === 0,
    corrections: isCorrected
      ? {
          missing: optionalNumberIn(row, 3) ?? 0,
          least: optionalNumberIn(row, 4) ?? 0,
          largest: optionalNumberIn(row, 5) ?? 0,
        }
      : null,
  };
}

/** Whether the overview has the values of the label. Types with many values would give it a row for each of them. */
function hasNarrowLabels({ sample }: AuditWorld): boolean {
  return sample.has('label') && sample.labelBits() <= 8;
}

/** A FROM item with the rows by value of the label: `value`, NULL without a label, and `n`. */
export async function labelValues(world: AuditWorld, work: Work): Promise<string> {
  if (!hasNarrowLabels(world))
    return `(SELECT "label@value" AS value, count(*) AS n FROM ${world.sample.sql} WHERE label IS NOT NULL GROUP BY value)`;
  await overviewOf(world, work);
  const table = await world.existing(TABLE);
  return `(SELECT value, CAST(sum(n) AS BIGINT) AS n FROM ${table ?? ''} WHERE label IS NOT NULL GROUP BY value)`;
}
