import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { fileFailure } from './fileFailure.ts';

/** Spark writes this file last into a folder. */
export const sparkComplete = '_SUCCESS';

/**
 * The JSON Lines of a folder that Spark wrote, in files of any number. `named`: the folder as given.
 * @param incomplete the failure for a folder that Spark has not completed
 */
export async function recordsIn(
  folder: string,
  named: string,
  incomplete: (named: string) => Error,
): Promise<unknown[]> {
  const names = (await entriesOf(folder, named)).map(({ name }) => name);
  if (!names.includes(sparkComplete)) throw incomplete(named);
  const records: unknown[] = [];
  for (const name of names.filter((one) => !/^[._]/.test(one)).sort(compareTexts)) {
    const text = await readFile(path.join(folder, name), 'utf8').catch((error: unknown) => {
      throw fileFailure(error, path.join(named, name));
    });
    for (const line of text.split('\n')) {
      if (line.trim() === '') continue;
      try {
        records.push(JSON.parse(line));
      } catch (error) {
        throw fail('wrong-format', message('This is not JSON'), {
          place: { path: path.join(named, name) },
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
