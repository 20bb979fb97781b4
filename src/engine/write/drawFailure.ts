import { dirname } from 'node:path';
import { fail, type FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { writeFailure } from '../files/writeFailure.ts';

/**
 * Explains why a file could not be written, in terms that users understand. Adds the full disk, or advice for too
 * little memory. `temporary`: the folder of this engine.
 */
export function drawFailure(error: unknown, target: string, temporary: string): FailureError {
  const known = writeFailure(error, target);
  // A refusal already has a place: a disk or a column.
  const { place } = known.failure;
  if (
    known === error &&
    ((known.failure.code === 'disk-full' && place?.path !== undefined) ||
      (known.failure.code === 'out-of-memory' && place?.column !== undefined))
  )
    return known;
  const { code, cause = '' } = known.failure;
  // Temporary rows are appended without a statement, so the database reports its own error and a thread reports that of
  // Node.
  if (/max_temp_directory_size/.test(cause) || (code === 'disk-full' && cause.includes(temporary))) {
    return fail('disk-full', message('There is no space left on the disk for temporary files'), {
      place: { path: dirname(temporary) },
      cause,
      advice: message(
        'Free some space, or set {0} to a folder with more space.',
        process.platform === 'win32' ? 'TEMP' : 'TMPDIR',
      ),
    });
  }
  if (code === 'disk-full') return fail(code, known.failure.message, { ...known.failure, place: { path: target } });
  if (
    ['out-of-memory', 'internal', 'not-found'].includes(code) &&
    /out of memory|(failed to|could not) allocate/i.test(cause)
  ) {
    return fail('out-of-memory', message('The engine has too little memory for this file'), {
      cause,
      advice: message(
        'Give the engine more memory (--memory, or the setting recsample.engine.memoryLimit), or choose fewer users or days. Use Spark on a cluster if the data does not fit on one machine.',
      ),
    });
  }
  return known;
}
