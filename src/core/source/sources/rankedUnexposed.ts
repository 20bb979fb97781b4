import { message } from '../../message/message.ts';
import { byChannel } from '../byChannel.ts';
import { candidatesOf } from '../options.ts';
import { shapes } from '../shapes.ts';
import { always, type Source } from '../source.ts';

export const rankedUnexposed = {
  name: 'ranked_unexposed',
  family: 'cascade',
  glyph: '▼',
  mark: { path: shapes.down, hollow: false },
  draws: 'list',
  doc: message('Candidates of the same request that reached fine ranking and were not shown.'),
  formula: 'items with reached = fine that are not excluded and exist at that time, in pseudo-random order',
  alias: '级联 · 进入精排未曝光',
  isExposed: false,
  reachesCorpus: false,
  reachesColdItems: false,
  options: { by: byChannel },
  overlaps: { ranked_unexposed: always },
  inputs: [{ dataset: 'candidates', columns: ['item', 'request', 'reached'] }],
  plan: (options) => candidatesOf({ by: 'reached', reached: 'fine' }, options.is('by', 'channel')),
} as const satisfies Source;
