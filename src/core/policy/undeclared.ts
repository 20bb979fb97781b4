import { type ConfigPath } from '../config/tree.ts';
import { written } from '../config/written.ts';
import { message, type Message } from '../message/message.ts';
import type { Report, RuleContext } from './rule.ts';
import { suggestIn } from './suggestions.ts';

/** Reports a name that is not declared, with the nearest declared name. */
export function undeclared(
  name: string,
  names: () => readonly string[],
  at: ConfigPath,
  on: 'key' | 'value',
  context: RuleContext,
  text: (near: string | null) => Message,
): Report {
  const { document } = context;
  const near = suggestIn(context, name, names);
  const { key, value } = document.locate(at);
  const span = on === 'key' ? key : (value?.span ?? null);
  return {
    at,
    on,
    message: text(near),
    fixes:
      near === null || !span
        ? []
        : [
            {
              title: message('Change to {0}', near),
              changes: [{ span, text: written(near, document.language) }],
              safe: false,
            },
          ],
  };
}
