import { fail, FailureError } from './failure.ts';
import { message } from './message.ts';

/** Converts an error of a file system call to a failure whose place is the path. */
export function fileFailure(error: unknown, path: string): FailureError {
  if (error instanceof FailureError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const more = { place: { path }, cause: String(error) };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return fail('not-found', message('There is no such file or folder'), {
        ...more,
        advice: message('Check the path; the file may have been moved or deleted.'),
      });
    case 'EACCES':
    case 'EPERM':
      return fail('no-permission', message('No permission to read this path'), {
        ...more,
        advice: message('Ask for read access, or copy the file to a place that you may read.'),
      });
    case 'ELOOP':
      return fail('refused-path', message('The symbolic links form a loop'), {
        ...more,
        advice: message('Give the absolute path of a file or folder on this machine.'),
      });
    case 'ENAMETOOLONG':
      return fail('not-found', message('The path is too long'), more);
    case 'ENOSPC':
    case 'EDQUOT':
      return fail('disk-full', message('There is no space left on the disk'), {
        ...more,
        advice: message('Free some space, then try again.'),
      });
    case 'EIO':
      return fail('corrupt', message('The disk reports an error'), {
        ...more,
        advice: message('Check the disk, then try again.'),
      });
    default:
      return fail(
        'internal',
        message('The file cannot be read: {0}', error instanceof Error ? error.message : String(error)),
        more,
      );
  }
}
