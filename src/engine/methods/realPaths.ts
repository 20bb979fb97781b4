import { realPlace } from '../files/pathBelow.ts';
import type { Method } from './method.ts';

export const realPaths: Method<'realPaths'> = async (_datasets, { paths }) =>
  await Promise.all(paths.map(async (path) => await realPlace(path)));
