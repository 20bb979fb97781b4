import type { ConfigPath } from '../config/tree.ts';
import { message } from '../message/message.ts';
import type { Report, RuleContext } from './rule.ts';
import { undeclared } from './undeclared.ts';

/**
 * Reports a name that is no event of the config. Null if it is one, also an invalid one, which other rules report; if
 * the name has a variable; or if the config has no `events`.
 * @param names what could be meant; default: all events
 */
export function undeclaredEvent(
  name: string,
  at: ConfigPath,
  context: RuleContext,
  { on = 'value', names }: { readonly on?: 'key' | 'value'; readonly names?: () => readonly string[] } = {},
): Report | null {
  const { config, document } = context;
  if (!document.has(['events']) || document.has(['events', name]) || name.includes('${')) return null;
  return undeclared(name, names ?? (() => Object.keys(config.events ?? {})), at, on, context, (near) =>
    near === null
      ? message('There is no event {0} under events', name)
      : message('There is no event {0} under events. Did you mean {1}?', name, near),
  );
}
