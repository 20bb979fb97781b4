import { message } from '../../message/message.ts';
import { shapes } from '../shapes.ts';
import type { Source } from '../source.ts';

export const rejected = {
  name: 'rejected',
  family: 'rejected',
  glyph: '✕',
  mark: { path: shapes.cross, hollow: true },
  draws: 'list',
  doc: message('Explicit rejections: the owner of the item rejected this user, or the user rejected the item.'),
  formula: 'distinct acceptable rejections, in keyed order',
  alias: '业务逻辑 · 被房主拒绝',
  isExposed: true,
  reachesCorpus: false,
  reachesColdItems: false,
  options: {},
  inputs: [{ dataset: 'rejections', columns: ['user', 'item'] }],
  plan: () => ({ kind: 'list', rows: { of: 'rejections' }, byChannel: false }),
} as const satisfies Source;
