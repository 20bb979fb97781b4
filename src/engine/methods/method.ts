import type { CallContext, EngineMethod, Params, Result } from '../../protocol/engine.ts';
import type { OpenDatasets } from '../answers/openDatasets.ts';

/** Answers one method of the protocol. */
export type Method<M extends EngineMethod> = (
  datasets: OpenDatasets,
  params: Params<M>,
  context: Partial<CallContext>,
) => Promise<Result<M>>;
