import { addCandidates } from './inputs/candidates.ts';
import { addCopiedCandidates } from './inputs/copiedCandidates.ts';
import { addCorpus, addUsers } from './inputs/corpus.ts';
import { unsupportedFailure } from './capabilities.ts';
import { addDrawnUnit } from './entries/drawnUnit.ts';
import { addPositiveGroups } from './groups/groups.ts';
import { addCounts, type Counted } from './lock/counts.ts';
import type { CountFact } from './lock/countFacts.ts';
import type { Where } from '../source/where.ts';
import { addImpressionUnit } from './groups/impressionUnit.ts';
import { addLog } from './inputs/log.ts';
import { addRequestGroups } from './groups/requestUnit.ts';
import { Script, type DeclaredStep, type InputStep } from './script.ts';
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
  const refused = unsupportedFailure(job);
  if (refused) throw refused;
  const sources = new Sources(job);
  sources.checkIds();
  const script = new Script();
  const log = addLog(script, sources, job);
  addCandidates(script, sources, job.plan);
  const { entries, unit } = job.plan;
  const attributes = new Set<string>();
  const conditions: Where[] = [];
  const numbers = entries.map(({ draws }) => {
    if (draws.kind === 'list') return null;
    if (draws.partition?.by === 'positive') for (const name of draws.partition.attributes) attributes.add(name);
    return draws.where === null ? null : conditions.push(draws.where) - 1;
  });
  const corpus = addCorpus(script, sources, job, { attributes: [...attributes], conditions });
  addUsers(script, sources, job);
  addCopiedCandidates(script, sources, job);
  let drawn: Counted['entries'] = null;
  if (unit === 'impression') addImpressionUnit(script, sources, job, log);
  else {
    if (unit === 'request') addRequestGroups(script, sources, job, log);
    else addPositiveGroups(script, sources, job, log);
    drawn = addDrawnUnit(script, sources, job, log, corpus, numbers);
  }
  const inputs = sources.steps(roots);
  addCounts(script, job, {
    log,
    entries: drawn,
    hasCandidates: sources.drawsCandidates,
    facts,
    inputs: sources.inputsOf(inputs),
  });
  script.inputs('Inputs', [...checksOf(inputs), ...inputs]);
  return script;
}

/** What ends the job if its inputs are not those that it was written for. Before anything is drawn. */
function checksOf(inputs: readonly InputStep[]): DeclaredStep[] {
  const files = inputs.filter(({ table }) => table === null);
  const tables = inputs.filter(({ table }) => table !== null);
  // Delimited text is read by position, and its names are compared. In JSON, a missing key is NULL.
  const columned = inputs.filter(({ file }) => file === null);
  const step = (of: DeclaredStep['of'], those: readonly InputStep[], about: string): DeclaredStep[] =>
    those.length === 0 ? [] : [{ kind: 'declared', name: `input_${of}`, about: [about], inputs: those, of }];
  return [
    ...step('files', files, 'Every input must have files.'),
    ...step('columns', columned, 'Columns that are missing would be read as NULL.'),
    ...step('types', tables, 'Tables must have the types that the config declares.'),
  ];
}
