import { ConfigDocument } from '../../config/document.ts';
import { documentText } from '../../json/codec.ts';
import { JsonValue, type JsonPath } from '../../json/jsonValue.ts';
import { fail, type FailureError, type Place } from '../../message/failure.ts';
import { message, type Message } from '../../message/message.ts';
import { lockCodecs, lockFormat, lockFormats, type SampleLock } from './sampleLock.ts';

const writeAgain = message('Write the sample file again: its lock file is written with it.');

/** Writes a lock file. Equal locks give equal texts. */
export function lockText(lock: SampleLock): string {
  return documentText(lockCodecs[lock.format], lock);
}

/**
 * Reads the text of a lock file. `path`: its location, for error messages.
 * @throws FailureError `wrong-format` with the place if it is not JSON or not a lock file; `unsupported` if a newer
 *   version wrote it
 */
export function readLock(text: string, path: string): SampleLock {
  const refuse = (keys: JsonPath, expected: Message): FailureError =>
    fail('wrong-format', message('The lock file is not valid: {0} is not {1}', keys.join('.') || '{}', expected), {
      place: placeIn(text, path, keys),
      advice: writeAgain,
    });
  const json = new JsonValue(parsed(text, path), [], refuse);
  if (!isLock(json))
    throw fail('wrong-format', message('This is JSON, but not the lock file of a sample'), {
      place: { path },
      advice: message('Lock files end with {0} and are next to sample files.', '.recsample.json'),
    });
  const format = json.at('format').count();
  const readableFormat = lockFormats.find((known) => known === format);
  if (readableFormat === undefined) {
    throw fail(
      'unsupported',
      message(
        '{0} wrote this lock file in format {1}, but this version reads formats up to {2}',
        json.at('generator').text(),
        format,
        lockFormat,
      ),
      { place: { path }, advice: message('Update RecSample, or write the sample file again with this version.') },
    );
  }
  const lock = lockCodecs[readableFormat].read(json);
  const { files, output } = lock;
  for (const key of ['rows', 'bytes'] as const)
    if (files !== undefined)
      json
        .at('files')
        .must(
          files,
          files.reduce((sum, file) => sum + file[key], 0) === output[key],
          message('a list of files whose {0} sum to those of the output', key),
        );
  return lock;
}

function isLock(value: JsonValue): boolean {
  try {
    return value.optional('format') !== null && value.optional('generator')?.isText() === true;
  } catch {
    return false;
  }
}
/** Parses JSON. @throws FailureError `wrong-format` with the position of the first error */
function parsed(text: string, path: string): unknown {
  try {
    // Editors may add a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const {
      problems: [problem],
      lines,
    } = new ConfigDocument(text, 'json');
    const { line, character } = lines.position(problem?.span.start ?? text.length);
    throw fail(
      'wrong-format',
      problem
        ? message('The lock file is not valid JSON: {0}', problem.message)
        : message('The lock file is not valid JSON, or it is incomplete'),
      { place: { path, line: line + 1, character: character + 1 }, advice: writeAgain, cause: String(error) },
    );
  }
}

function placeIn(text: string, path: string, keys: JsonPath): Place {
  const document = new ConfigDocument(text, 'json');
  const { line, character } = document.lines.position(document.locate(keys).span.start);
  return { path, line: line + 1, character: character + 1 };
}
