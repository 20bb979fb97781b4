import { configTargets } from './configs.ts';
import { dataFileTargets } from './dataFiles.ts';
import { messageTargets } from './messages.ts';

/** Every kind of input. A further one is a target here. */
export const targets = [...dataFileTargets, ...configTargets, ...messageTargets];
