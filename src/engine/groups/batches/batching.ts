import type { Placement } from '../../../core/sampling/placement.ts';
import type { StagePlan } from '../../../core/sampling/plan/stagePlan.ts';
import type { SampledTables } from '../../inputs/sampledTables.ts';
import type { LoadedWorld } from '../../inputs/world/loadedWorld.ts';

/** The input for the positives of batches. */
export interface Batched {
  readonly sampled: SampledTables;
  readonly plan: StagePlan;
  readonly world: LoadedWorld;
}

/** The input for batches: the order of the file says which positives are in one. */
export interface Batching extends Batched {
  readonly placement: Placement;
}
