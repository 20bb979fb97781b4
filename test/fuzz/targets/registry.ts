import { configTargets } from './configs.ts';
import { dataFileTargets } from './dataFiles.ts';
import { messageTargets } from './messages.ts';

/** Every kind of input. Add new targets here. */
export const targets = [...dataFileTargets, ...configTargets, ...messageTargets];
