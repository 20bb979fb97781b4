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
    'Explicit rejections by the user, or by the owner of the item. With `kind: by_owner`, `exclude` defaults to `none`.',
  ),
  formula: 'rejected items that are not excluded and exist at that time, in pseudo-random order',
  alias: '业务逻辑 · 被房主拒绝',
  isExposed: true,
  reachesCorpus: false,
  reachesColdItems: false,
  options: {
    before: field(
      boolean(),
      message(
        '`true`: only rejections before the request of the group. `false`: also later rejections and rejections without a time.',
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
