import { dirname } from 'node:path';
import { fail, type FailureError } from '../../../core/report/failure.ts';
import { message } from '../../../core/report/message.ts';
import { writeFailure } from '../../files/writeFailure.ts';

/** What ended the making of a file, in a person's words, with the disk that is full and the way out of too little memory. `temporary`: the folder of this engine. */
export function drawFailure(error: unknown, target: string, temporary: string): FailureError {
  const known = writeFailure(error, target);
  // A refusal knows its place: a disk, or a column.
  const { place } = known.failure;
  if (
    known === error &&
    ((known.failure.code === 'disk-full' && place?.path !== undefined) ||
      (known.failure.code === 'out-of-memory' && place?.column !== undefined))
  )
    return known;
  const { code, cause = '' } = known.failure;
  // What is put aside is appended without a statement: the database fails in its own words, a thread in those of Node.
  if (/max_temp_directory_size/.test(cause) || (code === 'disk-full' && cause.includes(temporary))) {
    return fail('disk-full', message('There is no room left on the disk for temporary files'), {
      place: { path: dirname(temporary) },
      cause,
      advice: message(
        'Free some space, or set {0} to a folder with more.',
        process.platform === 'win32' ? 'TEMP' : 'TMPDIR',
      ),
    });
  }
  if (code === 'disk-full') return fail(code, known.failure.message, { ...known.failure, place: { path: target } });
  if (
    ['out-of-memory', 'internal', 'not-found'].includes(code) &&
    /out of memory|(failed to|could not) allocate/i.test(cause)
  ) {
    return fail('out-of-memory', message('The memory of the engine does not suffice for this file'), {
      cause,
      advice: message(
        'Give it more (--memory, or the setting recsample.engine.memoryLimit), or choose fewer users or days; what no single machine holds is for Spark on a cluster.',
      ),
    });
  }
  return known;
}
