import type { CallContext, EngineMethod, Params, Result } from '../../protocol/engine.ts';
import type { Sessions } from '../sessions.ts';

/** Answers one method of the protocol. */
export type Method<M extends EngineMethod> = (
  sessions: Sessions,
  params: Params<M>,
  context: Partial<CallContext>,
) => Promise<Result<M>>;
