import { message } from '../../message/message.ts';
import { byChannel } from '../byChannel.ts';
import { candidatesOf } from '../options.ts';
import { shapes } from '../shapes.ts';
import { always, type Source } from '../source.ts';

export const coarseFiltered = {
  name: 'coarse_filtered',
  family: 'cascade',
  glyph: '▽',
  mark: { path: shapes.down, hollow: true },
  draws: 'list',
  doc: message('Candidates of the same request that coarse ranking dropped.'),
  formula: 'items with reached = coarse that are not excluded and exist at that time, in pseudo-random order',
  alias: '级联 · 粗排淘汰',
  isExposed: false,
  reachesCorpus: false,
  reachesColdItems: false,
  options: { by: byChannel },
  overlaps: { coarse_filtered: always },
  inputs: [{ dataset: 'candidates', columns: ['item', 'request', 'reached'] }],
  plan: (options) => candidatesOf({ by: 'reached', reached: 'coarse' }, options.is('by', 'channel')),
} as const satisfies Source;
