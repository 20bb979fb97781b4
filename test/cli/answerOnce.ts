import { createEngine } from '../../src/engine/process/engine.ts';
import type { EngineMethod, Params, Result } from '../../src/protocol/engine.ts';

const counting: readonly EngineMethod[] = ['answer', 'audit', 'preview'];
const answers = new Map<string, Promise<unknown>>();

/**
 * The real engine, except that equal requests to count are answered once in a process. For tests of reports about files
 * that do not change.
 */
export function answerOnce(): ReturnType<typeof createEngine> {
  const engine = createEngine({ threads: 1 });
  return {
    call: async <M extends EngineMethod>(method: M, params: Params<M>, context = {}): Promise<Result<M>> => {
      if (!counting.includes(method)) return await engine.call(method, params, context);
      const key = JSON.stringify([method, params]);
      const known = answers.get(key) as Promise<Result<M>> | undefined;
      const answer = known ?? engine.call(method, params, context);
      answers.set(key, answer);
      return await answer;
    },
    dispose: () => engine.dispose(),
  };
}
