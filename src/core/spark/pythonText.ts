import { commentLine, oneLine } from './comment.ts';
import { jobHead, jobRunner } from './runner/jobText.ts';
import { readPlaces, stagingOf, writtenPlaces } from './places.ts';
import { jsonLines } from './pythonJson.ts';
import type { Script, DeclaredStep } from './script.ts';
import type { SparkPlaces } from './stepStatements.ts';
import {
  chaptersOf,
  legend,
  settingsBlock,
  withAbout,
  type Block,
  type SparkHead,
  type Statement,
} from './sparkText.ts';
import { relationLines } from '../relation/render.ts';
import { sparkDialect } from '../relation/sparkDialect.ts';
import type { Relation } from '../relation/tree.ts';
import { stepNeeds } from './stepOrder.ts';
import { inputPlace } from './inputs/declared.ts';

/**
 * The same queries as a Python script for `spark-submit`. Steps that do not need each other run at the same time: a
 * small one does not keep the cluster from computing. Python knows the types of the rows that a step writes. In SQL,
 * Spark runs a job for each view that reads them from a file. Queries that only check something write nothing here.
 * Settings and names of queries need no statement.
 */
export function sparkPythonText(script: Script, head: SparkHead, timezone: string, places: SparkPlaces): string {
  // Days that a job does not draw must stay in their place.
  const isPartitioned = script.sections.some(({ steps }) =>
    steps.some((step) => step.kind === 'output' && step.partition !== null),
  );
  const staging = isPartitioned ? null : stagingOf(places);
  const chapters = chaptersOf(script, timezone, staging === null ? places : { ...places, output: staging.staged });
  const needs = stepNeeds(script);
  const pools = script.aliasTables.filter((pool) => needs.has(`${pool}__alias`));
  const queryLines = (rows: Relation): readonly string[] => relationLines(rows, sparkDialect);
  const job = {
    about: [...head.map(([name, value]) => `${name}: ${value}`), ...legend(chapters, queriesOf)].map(oneLine),
    reads: readPlaces(script),
    writes: writtenPlaces(places),
    publish: staging === null ? null : { output: places.output, ...staging },
    // Pools that the driver makes, with their alias table, if they have few items. Statements make larger ones.
    pools,
    // Steps that have no rows if a short query has none: Spark is spared the long one. Each has that query, and a step
    // that has its columns.
    rows_only_if: Object.fromEntries(
      script.rowsOnlyIf
        .filter(([step]) => needs.has(step))
        .map(([step, rows, like]) => [step, { query: queryLines(rows), like }]),
    ),
    // Groups that the first attempts of an entry do not fill: the salts of its draws, the greatest quota, these groups,
    // and what their users exclude.
    further: Object.fromEntries(
      script.furtherAttempts
        .filter(({ entry }) => pools.includes(entry) && needs.has(`${entry}__accepted_2`))
        .map(({ entry, salts, quota, groups, excluded }) => [
          entry,
          { salts, quota, groups: queryLines(groups), excluded: excluded === null ? null : queryLines(excluded) },
        ]),
    ),
    sections: chapters.map(({ title, blocks }) => ({
      title,
      steps: blocks.map((block) => stepOf(block, needs.get(block.name) ?? [])),
    })),
  };
  return `${jobHead}${jsonLines(job).join('\n')}\n${jobRunner}`;
}

/** A step as the program reads it. */
function stepOf(block: Block, needs: readonly string[]): object {
  const { name, about, rows, declared, settings } = block;
  const step = { name, needs: needs.length > 0 || name === settingsBlock ? needs : [settingsBlock] };
  if (settings !== undefined) return { ...step, settings };
  if (declared !== undefined && isCheckedByPython(declared)) return { ...step, about, inputs: checkedInputs(declared) };
  const statements = queriesOf(block).map(({ comments, lines }) => [...comments.map(commentLine), ...lines]);
  if (rows === null) return { ...step, statements };
  if (rows.folder === null) return { ...step, statements, rows: 'view' };
  if (rows.view === null) return { ...step, statements, rows: 'check' };
  return rows.isFew === true
    ? { ...step, statements, rows: 'driver' }
    : { ...step, statements, rows: 'folder', folder: rows.folder };
}

/** The statements of a step, of which the last one is the query of its rows. */
function queriesOf({ about, statements, rows, declared, settings }: Block): readonly Statement[] {
  if ((declared !== undefined && isCheckedByPython(declared)) || settings !== undefined) return [];
  return withAbout(about, rows === null ? statements : [...statements, { comments: [], lines: rows.query }]);
}

/** True if Python can check the inputs of a step by itself: only Spark knows the tables of its catalog. */
function isCheckedByPython({ inputs }: DeclaredStep): boolean {
  return inputs.every(({ table }) => table === null);
}

/** What `check_inputs` of a job is to check. */
function checkedInputs({ inputs, subject }: DeclaredStep): readonly CheckedInput[] {
  return inputs.map((input) => ({
    place: inputPlace(input),
    options: { path: input.path, ...(input.basePath === null ? {} : { basePath: input.basePath }) },
    columns: subject === 'files' ? null : input.columns.map(({ name }) => name),
  }));
}

interface CheckedInput {
  readonly dataName: string;
  /** Of Spark's reader. */
  readonly options: Readonly<Record<string, string>>;
  /** Null: only whether there are files is checked. */
  readonly columns: readonly string[] | null;
}
