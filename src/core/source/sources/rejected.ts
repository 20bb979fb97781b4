import { boolean, field } from '../../schema/shape.ts';
import { message } from '../../message/message.ts';
import { shapes } from '../shapes.ts';
import { always, type Source } from '../source.ts';

export const rejected = {
  name: 'rejected',
  family: 'rejected',
  glyph: '✕',
  mark: { path: shapes.cross, hollow: true },
  draws: 'list',
  doc: message(
    'Explicit rejections: the owner of the item rejected this user, or the user rejected the item. With kind: by_owner, the exclusion of the stage does not apply, because the user wanted the item.',
  ),
  formula: 'distinct acceptable rejections, in keyed order',
  alias: '业务逻辑 · 被房主拒绝',
  isExposed: true,
  reachesCorpus: false,
  reachesColdItems: false,
  options: {
    before: field(
      boolean(),
      message(
        'With true, only rejections before the request of the group. With false, also later ones, and those without a time.',
      ),
      { fallback: 'false' },
    ),
  },
  overlaps: { rejected: always },
  inputs: [{ dataset: 'rejections', columns: ['user', 'item'] }],
  plan: (options) => ({
    kind: 'list',
    rows: { of: 'rejections', before: options.value('before') === true ? true : null },
    byChannel: false,
  }),
} as const satisfies Source;
