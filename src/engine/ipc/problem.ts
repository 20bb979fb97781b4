import { fail, FailureError, type Place } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';

/** A failure of damaged Arrow data. The callers know the place and add it. */
export function damaged(text: Message): FailureError {
  return fail('corrupt', message('The Arrow file is damaged: {0}', text), {
    advice: message('Copy or write the file again.'),
  });
}

export function truncated(bytes: number): FailureError {
  return fail('truncated', message('The Arrow file is cut off: it has {0} bytes, and more are needed', bytes), {
    advice: message('Copy or write the file again.'),
  });
}

export function unsupported(text: Message): FailureError {
  return fail('unsupported', message('The file uses a feature that cannot be read: {0}', text), {
    advice: message('Write the file again with common settings.'),
  });
}

/** A date or time that DuckDB cannot hold, as stored. */
export class TimeOutOfRange extends Error {
  constructor(readonly value: bigint) {
    super('a time out of range');
  }
}

/** The same failure with its place. Parts that are already known count more. Other errors are returned unchanged. */
export function placed(error: unknown, place: Place): unknown {
  return error instanceof FailureError
    ? new FailureError({ ...error.failure, place: { ...place, ...error.failure.place } })
    : error;
}

/** Runs `read`. An access outside of the buffer, or a value that the format does not have, means damage. */
export function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw damaged(message('its metadata is not valid'));
    throw error;
  }
}
