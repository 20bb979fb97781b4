import { commentLine } from './comment.ts';
import type { DeclaredStep, Script } from './script.ts';
import { pathText, rowsStatements, textOfStep, type SparkPlaces, type StepRows } from './stepStatements.ts';

/** What the head of a script says, as `name: value`. */
export type SparkHead = readonly (readonly [name: string, value: string])[];

/** A statement with its comments. */
export interface Statement {
  readonly comments: readonly string[];
  readonly lines: readonly string[];
}

/** A setting of Spark. */
interface Setting {
  readonly name: string;
  readonly value: string;
  readonly comments: readonly string[];
}

/** A step: its statements in their order, and its rows after them. */
export interface Block {
  readonly name: string;
  readonly about: readonly string[];
  readonly statements: readonly Statement[];
  readonly rows: StepRows | null;
  /** Of the first step. */
  readonly settings?: readonly Setting[];
  /** The inputs that the statements check. */
  readonly declared?: DeclaredStep;
}

interface Chapter {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** The name of the block with the settings. */
export const settingsBlock = 'settings';

const zoneSetting = 'spark.sql.session.timeZone';

/** Settings that the rows depend on. */
function settings(timezone: string): readonly Setting[] {
  const set = (name: string, value: string, ...comments: readonly string[]): Setting => ({ name, value, comments });
  return [
    // The first one: until then, Spark replaces variables in each statement.
    set('spark.sql.variable.substitute', 'false', 'Nothing in a name or a text is a variable.'),
    set(zoneSetting, timezone, 'Times without a zone, and days, are in the zone of the config.'),
    set(
      'spark.sql.parquet.outputTimestampType',
      'TIMESTAMP_MICROS',
      'Times of the result are readable for every reader.',
    ),
    set('spark.sql.parser.escapedStringLiterals', 'false', 'Texts are read as they are written here.'),
    set(
      'spark.sql.requireAllClusterKeysForCoPartition',
      'false',
      'Rows that are distributed by user stay with their user in joins on further columns.',
    ),
    set(
      'spark.sql.adaptive.maxShuffledHashJoinLocalMapThreshold',
      '64m',
      'Tables whose parts are small are joined without sorting the rows.',
    ),
    set(
      'spark.sql.legacy.storeAnalyzedPlanForView',
      'true',
      'A view is analyzed when it is created, and not again by each statement that reads it.',
    ),
    set(
      'parquet.enable.dictionary#k0',
      'false',
      'No two groups have the same words, so files of Parquet need no dictionary of them.',
    ),
    set('parquet.enable.dictionary#k1', 'false'),
    set('spark.sql.files.ignoreMissingFiles', 'false', 'A missing or damaged file ends the job.'),
    set('spark.sql.files.ignoreCorruptFiles', 'false'),
    set(
      'spark.sql.legacy.parquet.nanosAsLong',
      'true',
      'Columns with nanoseconds that the job does not read do not end it.',
    ),
  ];
}

function setStatement({ name, value, comments }: Setting): Statement {
  const quoted = name.includes('#') ? `\`${name}\`` : name;
  return { comments, lines: [name === zoneSetting ? `SET TIME ZONE ${pathText(value)}` : `SET ${quoted}=${value}`] };
}

export function chaptersOf(script: Script, timezone: string, places: SparkPlaces): Chapter[] {
  const all = settings(timezone);
  const first: Block = {
    name: settingsBlock,
    about: [],
    statements: all.map(setStatement),
    rows: null,
    settings: all,
  };
  const chapters: Chapter[] = [
    { title: 'Settings', blocks: [first] },
    ...script.sections.map(({ title, steps }) => ({
      title,
      blocks: steps.map((step): Block => {
        const { statements, rows } = textOfStep(step, places);
        const { name, about } = step;
        const declared = step.kind === 'declared' ? { declared: step } : {};
        return { name, about, statements: statements.map((lines) => ({ comments: [], lines })), rows, ...declared };
      }),
    })),
  ];
  return chapters.map(({ title, blocks }, k) => ({ title: `${k + 1}. ${title}`, blocks }));
}

/** The sections, and names that recur in the statements. */
export function legend(chapters: readonly Chapter[], statementsIn: (block: Block) => readonly Statement[]): string[] {
  const count = (blocks: readonly Block[]): number =>
    blocks.reduce((sum, block) => sum + statementsIn(block).length, 0);
  return [
    '',
    ...chapters.map(({ title, blocks }) => `${title} (${count(blocks)})`),
    '',
    'In parentheses: statements. What is costly and read several times is written to the work folder. Others are views.',
    'user, part, k0, k1: the key of a group. The groups of a user and part are drawn by one task.',
    't, created, removed, last: microseconds since 1970 in UTC. quota_0, entry_0_…: of the first entry of the mix.',
    'a, b: the two words of a draw. a_1, a_2, …: the steps of their hash, written out in 64-bit integers.',
  ];
}

/** Statements below what a step says about itself. */
export function withAbout(about: readonly string[], statements: readonly Statement[]): readonly Statement[] {
  const [first, ...rest] = statements;
  return first === undefined ? [] : [{ ...first, comments: [...about, ...first.comments] }, ...rest];
}

function sqlStatements({ about, statements, rows }: Block): readonly Statement[] {
  const ofRows = rows === null ? [] : rowsStatements(rows).map((lines) => ({ comments: [], lines }));
  return withAbout(about, [...statements, ...ofRows]);
}

/** The text of a script for `spark-sql -f`. */
export function sparkSqlText(script: Script, head: SparkHead, timezone: string, places: SparkPlaces): string {
  const chapters = chaptersOf(script, timezone, places);
  const lines = [
    ...head.map(([name, value]) => commentLine(`${name}: ${value}`)),
    ...legend(chapters, sqlStatements).map(commentLine),
  ];
  for (const { title, blocks } of chapters) {
    lines.push('', ...titleLines(title));
    const statements = blocks.flatMap(sqlStatements);
    statements.forEach(({ comments, lines: statement }, k) => {
      if (k > 0 && comments.length > 0) lines.push('');
      lines.push(...comments.map(commentLine), ...ended(statement));
    });
  }
  return `${lines.join('\n')}\n`;
}

function titleLines(title: string): string[] {
  return [`-- ${'-'.repeat(70)}`, commentLine(title), `-- ${'-'.repeat(70)}`];
}

function ended(statement: readonly string[]): string[] {
  return statement.map((line, k) => (k === statement.length - 1 ? `${line};` : line));
}
