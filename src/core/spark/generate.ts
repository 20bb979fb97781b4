import { addCorpus, addUsers } from './corpus.ts';
import { unsupportedFailure } from './capabilities.ts';
import { addImpressionUnit } from './impressionUnit.ts';
import { addLog } from './log.ts';
import { Script } from './script.ts';
import type { SparkJob } from './sparkJob.ts';
import { Sources, type InputRoot } from './sources.ts';

/**
 * The statements that draw a stage on Spark: the same rows as the local file.
 * @throws FailureError `unsupported` for what the generator does not know, and for columns of types that Spark cannot
 *   read exactly
 */
export function generateScript(job: SparkJob, roots: readonly InputRoot[] = []): Script {
  const refused = unsupportedFailure(job);
  if (refused) throw refused;
  const sources = new Sources(job);
  const script = new Script();
  const log = addLog(script, sources, job);
  addCorpus(script, sources, job, { attributes: [], conditions: [] });
  addUsers(script, sources, job);
  addImpressionUnit(script, sources, job, log);
  script.inputs('Inputs', sources.steps(roots));
  return script;
}
