import { join } from 'node:path';

/** The program of a drawing thread: a bundle of `npm test`, else the source. */
export const drawWorkerFile = process.env['RECSAMPLE_DRAW_WORKER'] ?? join(import.meta.dirname, 'drawWorker.mjs');
