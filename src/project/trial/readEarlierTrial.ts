import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { EarlierTrial } from '../../core/trial/earlierTrials.ts';
import { acceptState } from '../../protocol/schema/accept.ts';
import { earlierReport } from '../../protocol/schema/trial.ts';

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
  const report = acceptState(earlierReport, parsed(text));
  if (report === null)
    throw fail('bad-request', message('This is not the JSON report of a trial'), {
      place: { path: name },
      advice: message('Write it with {0}.', 'recsample trial … --format json > FILE'),
    });
  const { data, windows, arms } = report;
  return { data, eval: windows.eval, arms: arms.map(({ digest }) => digest) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
