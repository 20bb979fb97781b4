import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';

/** The failure of a file whose name does not match the format of its content. */
export function wrongName(path: string, content: string): Error {
  const extension = /(\.[^./\\]+)?\.[^./\\]+$/.exec(path)?.[0] ?? path;
  return fail('wrong-format', message('The file is named {0}, but its content is {1}', extension, content), {
    place: { path, byte: 0 },
    advice: message('Rename the file to match its content, or write it again.'),
  });
}
