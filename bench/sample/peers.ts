import path from 'node:path';
import { sourceOf } from '../../src/core/source/sources.ts';
import type { Interpreters } from './interpreters.ts';
import type { JobName } from './jobs.ts';

const scripts = path.resolve(import.meta.dirname, '../peers/draw');

/** The same draws in Python, with one thread. */
export interface Peer {
  readonly name: string;
  readonly interpreter: keyof Interpreters;
  readonly command: readonly [script: string, ...args: string[]];
  /** True if it rejects excluded items and repetitions and computes the log of the probability, like RecSample. */
  readonly isEqual: boolean;
  /** Features that the peer does not have. */
  readonly note: string;
}

const numpy = (way: string): Peer => ({
  name: `numpy ${way}`,
  interpreter: 'peers',
  command: [path.join(scripts, 'pools.py'), way],
  isEqual: true,
  note: '',
});
const numpySort: Peer = {
  name: 'numpy argsort',
  interpreter: 'peers',
  command: [path.join(scripts, 'lists.py')],
  isEqual: true,
  note: '',
};
const libRecommender = (way: 'popular' | 'unconsumed', note: string): Peer => ({
  name: `LibRecommender ${way}`,
  interpreter: 'peers',
  command: [path.join(scripts, 'librecoSampler.py'), way],
  isEqual: false,
  note,
});
const recBole = (distribution: 'popularity' | 'uniform'): Peer => ({
  name: `RecBole ${distribution}`,
  interpreter: 'recBole',
  command: [path.join(scripts, 'recboleSampler.py'), distribution],
  isEqual: false,
  note: '200 k positives; repetitions stay; no log q',
});

const weighted = [numpy('choice'), numpy('searchsorted'), numpy('alias')];

/** Peers of sources and mixes that differ from the usual peers of their kind, in the order of the table. */
const special: Readonly<Partial<Record<JobName, readonly Peer[]>>> = {
  global_random: [numpy('integers'), libRecommender('unconsumed', '200 k positives; no log q'), recBole('uniform')],
  popularity: [...weighted, libRecommender('popular', 'refuses the positive alone; no log q'), recBole('popularity')],
  same_attribute: [numpy('integers')],
  mix: [numpy('mix')],
};

export function peersOf(job: JobName): readonly Peer[] {
  return special[job] ?? (sourceOf(job)?.draws === 'list' ? [numpySort] : weighted);
}
