import path from 'node:path';

const dist = process.env['RECSAMPLE_DIST'] ?? path.join(import.meta.dirname, '../../dist');

/** The bundle of the command line, which starts sooner than its sources. */
export const shipped = path.join(dist, 'cli.cjs');
