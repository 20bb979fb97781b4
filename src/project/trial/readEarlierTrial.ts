import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { EarlierTrial } from '../../core/trial/earlierTrials.ts';
import { trialFormat } from '../../core/trial/report.ts';

/** What is read of the JSON of a trial. Its other keys do not matter here. */
const report = v.object({
  format: v.literal(trialFormat),
  stage: v.literal('recall'),
  data: v.record(v.string(), v.string()),
  windows: v.object({ eval: v.object({ from: v.nullable(v.string()), to: v.nullable(v.string()) }) }),
  arms: v.array(v.object({ digest: v.string() })),
});

/**
 * What an earlier trial compared, from its report in JSON.
 * @param name as the user wrote it
 * @throws FailureError if the file cannot be read or is no such report
 */
export async function readEarlierTrial(name: string, directory: string): Promise<EarlierTrial> {
  const text = await readFile(path.resolve(directory, name), 'utf8').catch((error: unknown) => {
    throw fail('not-found', message('The report of an earlier trial cannot be read'), {
      place: { path: name },
      cause: error instanceof Error ? error.message : String(error),
    });
  });
  const read = v.safeParse(report, parsed(text));
  if (!read.success)
    throw fail('bad-request', message('This is not the JSON report of a trial'), {
      place: { path: name },
      advice: message('Write it with {0}.', 'recsample trial … --format json > FILE'),
    });
  const { data, windows, arms } = read.output;
  return { data, eval: windows.eval, arms: arms.map(({ digest }) => digest) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
