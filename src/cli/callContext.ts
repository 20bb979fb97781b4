import { performance } from 'node:perf_hooks';
import { render } from '../core/message/message.ts';
import { progressText, TimeLeft } from '../core/report/timeLeft.ts';
import type { CallContext } from '../protocol/engine.ts';
import type { CommandContext } from './command.ts';

/**
 * The call context of a command: signals cancel it; progress goes to the terminal, with the remaining time once it can
 * be estimated.
 */
export function callContext(context: CommandContext): CallContext {
  const timeLeft = new TimeLeft();
  return {
    signal: context.signal,
    progress: (p) => {
      context.note(render(progressText(p, timeLeft.estimate(p.fraction, performance.now())), context.translate));
    },
  };
}
