import { configTargets } from './configs.ts';
import { dataFileTargets } from './dataFiles.ts';
import { hostileFileTargets } from './hostileFiles.ts';
import { messageTargets } from './messages.ts';

/** Every kind of input. Add new targets here. */
export const targets = [...dataFileTargets, ...hostileFileTargets, ...configTargets, ...messageTargets];
