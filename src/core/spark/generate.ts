import { addInputs } from './inputs/addInputs.ts';
import { addCandidates } from './inputs/candidates.ts';
import { addCopiedCandidates } from './inputs/copiedCandidates.ts';
import { addCorpus, addUsers, type Corpus } from './inputs/corpus.ts';
import { unsupportedFailure } from './capabilities.ts';
import { addDrawnUnit } from './entries/drawnUnit.ts';
import { heavyName } from './entries/heavyUsers.ts';
import type { PoolEntry } from './entries/poolEntry.ts';
import { addPositiveGroups } from './groups/groups.ts';
import { addCounts, type Counted } from './lock/counts.ts';
import type { CountFact } from './lock/countFacts.ts';
import type { Where } from '../source/where.ts';
import { addImpressionUnit } from './groups/impressionUnit.ts';
import { addLog, type Log } from './inputs/log.ts';
import { addRequestGroups } from './groups/requestUnit.ts';
import { withNeededColumns } from './neededColumns.ts';
import { Script } from './script.ts';
import type { SparkJob } from './sparkJob.ts';
import { Sources, type InputRoot } from './inputs/sources.ts';

/**
 * The statements that draw a stage on Spark: the same rows as the local file.
 * @throws FailureError `unsupported` for what the generator does not know, and for columns of types that Spark cannot
 *   read exactly
 */
export function generateScript(
  job: SparkJob,
  roots: readonly InputRoot[] = [],
  facts: readonly CountFact[] = [],
): Script {
  const { script, sources, log, corpus, conditions } = beginScript(job);
  let drawn: Counted['entries'] = null;
  const { unit } = job.plan;
  if (unit === 'impression') addImpressionUnit(script, sources, job, log);
  else {
    if (unit === 'request') addRequestGroups(script, sources, job, log);
    else addPositiveGroups(script, sources, job, log);
    drawn = addDrawnUnit(script, sources, job, log, corpus, conditions);
  }
  addCounts(script, sources, job, {
    log,
    entries: drawn,
    hasCandidates: sources.drawsCandidates,
    facts,
    inputs: sources.inputsOf(roots),
  });
  for (const { kind, entry } of drawn ?? []) {
    const { name } = entry;
    if (kind === 'list') {
      for (const step of [`${heavyName(name)}__acceptable`, `${name}__channels`]) script.readInPlace(step, 1);
      continue;
    }
    for (const step of ['sums', 'counts', 'groups']) script.readInPlace(`${name}__${step}`, 1);
    // The counts read it for the few groups with a shortfall only.
    script.readInPlace(`${name}__acceptable`, isCheap(entry) ? 2 : 1);
  }
  // With more entries, the step that joins them would be hard to read, and to run.
  if (drawn?.length === 1) script.readInPlace('drawn_groups', 1);
  script.readInPlace('positives', 1);
  script.dropUnreadViews();
  const inputTables = { log: log.isCheap, corpus: sources.get('items')?.isParquet === true };
  for (const [name, isCheap] of Object.entries(inputTables))
    // A wrong input must end the job before the step that replaces an older result.
    if (isCheap && !script.isReadByOutput(name)) script.readInPlace(name, MAX_READS);
  script.changeSteps(withNeededColumns);
  addInputs(script, sources, roots);
  return script;
}

/**
 * More often than this, a written table is cheaper than its input: it has only the columns and rows that are needed.
 */
const MAX_READS = 6;

/** True if the weight that the groups of a pool accept needs no sweep over the times of the items of a user. */
const isCheap = ({ corpus, exclusion }: PoolEntry): boolean => corpus?.hasLives !== true && exclusion.lookback === null;

/** A script with the inputs that its groups and entries read. */
interface BegunScript {
  readonly script: Script;
  readonly sources: Sources;
  readonly log: Log;
  readonly corpus: Corpus | null;
  /** By entry: the number of its condition in the corpus; null without one. */
  readonly conditions: readonly (number | null)[];
}

/** @throws FailureError as `generateScript` */
export function beginScript(job: SparkJob): BegunScript {
  const refused = unsupportedFailure(job);
  if (refused) throw refused;
  const sources = new Sources(job);
  sources.checkIds();
  const script = new Script();
  const log = addLog(script, sources, job);
  addCandidates(script, sources, job.plan);
  const attributes = new Set<string>();
  const wheres: Where[] = [];
  const conditions = job.plan.entries.map(({ draws }) => {
    if (draws.kind === 'list') return null;
    if (draws.partition?.by === 'positive') for (const name of draws.partition.attributes) attributes.add(name);
    return draws.where === null ? null : wheres.push(draws.where) - 1;
  });
  const corpus = addCorpus(script, sources, job, { attributes: [...attributes], conditions: wheres });
  addUsers(script, sources, job);
  addCopiedCandidates(script, sources, job);
  return { script, sources, log, corpus, conditions };
}
