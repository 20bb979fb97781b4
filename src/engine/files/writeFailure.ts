import { fail, FailureError } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';

/** Converts an error while writing to a folder to a failure that users understand. */
export function writeFailure(error: unknown, directory: string): FailureError {
  if (error instanceof FailureError) return error;
  const text = error instanceof Error ? error.message : String(error);
  // Codes with underscores come from threads and modules, not from the operating system.
  const code =
    error instanceof Error && 'code' in error && /^E[A-Z0-9]+$/.test(String(error.code))
      ? String(error.code)
      : undefined;
  const more = { place: { path: directory }, cause: text };
  if (code === 'ENOSPC' || code === 'EDQUOT' || /No space left|disk quota exceeded|not enough space/i.test(text)) {
    return fail('disk-full', message('There is no space left on the disk'), {
      ...more,
      advice: message('Free some space, then try again.'),
    });
  }
  if (code === 'EFBIG' || /File too large/i.test(text)) {
    return fail('disk-full', message('The file exceeds the size limit of this disk or of the process'), {
      ...more,
      advice: message('Write to another disk, or raise the limit (ulimit -f).'),
    });
  }
  if (
    code === 'EACCES' ||
    code === 'EPERM' ||
    code === 'EROFS' ||
    /Permission denied|Read-only file system/i.test(text)
  ) {
    return fail('no-permission', message('The folder is not writable'), {
      ...more,
      advice: message('Choose a folder that you can write to.'),
    });
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return fail('bad-request', message('Expected a folder, found a file'), {
      ...more,
      advice: message('Choose another folder.'),
    });
  }
  if (code === 'EIO' || /Input\/output error/i.test(text))
    return fail('corrupt', message('The disk reports an error'), {
      ...more,
      advice: message('Check the disk, then try again.'),
    });
  if (code !== undefined)
    return fail('not-found', message('The folder cannot be written ({0})', code), {
      ...more,
      advice: message('Choose another folder.'),
    });
  return fail('internal', message('Writing failed: {0}', text), more);
}
