import { fail, type FailureError } from '../core/message/failure.ts';
import { message, type Message } from '../core/message/message.ts';
import { suggest } from '../core/message/suggest.ts';

/** A wrong command line: what is wrong and what to do. `help`: the command line that explains it. */
export function usageError(text: Message, advice?: Message | { readonly help: string }): FailureError {
  if (advice === undefined) return fail('bad-request', text);
  return fail('bad-request', text, { advice: 'help' in advice ? message('See {0}.', advice.help) : advice });
}

/** `did you mean` with the closest word of a list, else a pointer to the help. */
export function nearest(word: string, words: readonly string[], help: string): Message {
  const near = suggest(word, words);
  return near === null ? message('See {0}.', help) : message('Did you mean {0}? See {1}.', near, help);
}
