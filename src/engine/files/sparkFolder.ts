import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { fileFailure } from '../../core/message/fileFailure.ts';
import { NamedPaths, readRegular } from './namedPath.ts';

/** Spark writes this file last into a folder. */
export const sparkComplete = '_SUCCESS';

/**
 * The JSON Lines of a folder in an output of Spark, in files of any number. `output`: absolute. `named`: the output as
 * given.
 * @param incomplete the failure for a folder that Spark has not completed
 * @throws FailureError also `refused-path` for links that lead out of the output, devices and pipes
 */
export async function recordsIn(
  output: string,
  below: string,
  named: string,
  incomplete: (named: string) => Error,
): Promise<unknown[]> {
  const paths = await NamedPaths.in(output);
  const shown = path.join(named, below);
  const names = (await entriesOf(await paths.path(below, shown), shown)).map(({ name }) => name);
  if (!names.includes(sparkComplete)) throw incomplete(shown);
  const records: unknown[] = [];
  for (const name of names.filter((one) => !/^[._]/.test(one)).sort(compareTexts)) {
    const place = path.join(shown, name);
    const text = await readRegular(await paths.path(`${below}/${name}`, place), place);
    for (const line of text.split('\n')) {
      if (line.trim() === '') continue;
      try {
        records.push(JSON.parse(line));
      } catch (error) {
        throw fail('wrong-format', message('This is not JSON'), {
          place: { path: place },
          advice: message('Run the job again. It writes all counts.'),
          cause: String(error),
        });
      }
    }
  }
  return records;
}

/** What is in a folder. `named`: the folder as given. */
export async function entriesOf(folder: string, named: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw fileFailure(error, named);
  }
}
