import { boolean, choice, either, field, text } from '../../schema/shape.ts';
import { message } from '../../message/message.ts';
import { exposureOptions, type PlanContext } from '../options.ts';
import { shapes } from '../shapes.ts';
import type { OptionValues, Source } from '../source.ts';

export const exposedUnclicked = {
  name: 'exposed_unclicked',
  family: 'exposure',
  glyph: '■',
  mark: { path: shapes.square, hollow: false },
  draws: 'list',
  doc: message('Items that were shown to this user but have no positive event.'),
  formula: 'exposed items that are not excluded and exist at that time, in pseudo-random order',
  alias: '曝光未点击',
  isExposed: true,
  reachesCorpus: false,
  reachesColdItems: false,
  options: {
    scope: field(
      choice({
        request_then_user: message('Same request first, then other exposures of the user'),
        request: message('Only the same request'),
        user: message('All exposures of the user'),
      }),
      message('Default: `request_then_user`; for the unit `request`: `request`.'),
    ),
    seen: field(
      either(
        choice({
          all: message('Every exposure'),
          viewed: message('Exposures with `viewed`'),
        }),
        text<`above_last_click+${number}`>('last-click'),
      ),
      message('Which exposures are used as seen. `above_last_click+k`: positions up to the last click plus k.'),
      { fallback: 'all', example: 'viewed' },
    ),
    mature_after: field(
      text('duration'),
      message(
        'Drops exposures younger than this at the training cut (eval: at `known_until`), because a click may come later.',
      ),
      { example: '30m' },
    ),
    before: field(
      boolean(),
      message(
        'Only items that the user first saw before the request. Exposures of the request itself are always used, unless `scope: user`.',
      ),
      { fallback: 'true' },
    ),
  },
  overlaps: { exposed_unclicked: (own, other) => !areApart(own, other) && !areApart(other, own) },
  inputs: [{ dataset: 'impressions', columns: ['user', 'item'] }],
  plan(options, { unit }) {
    const scope = options.text('scope') ?? usualScope(unit);
    return {
      kind: 'list',
      rows: {
        of: 'exposures',
        scope: scope as 'request_then_user' | 'request' | 'user',
        ...exposureOptions(options),
        // The request has no earlier exposures.
        before: scope !== 'request' && options.value('before') !== false,
      },
      byChannel: false,
    };
  },
} as const satisfies Source;

/** The scope of an entry that does not set it. */
export const usualScope = (unit: PlanContext['unit'] | undefined): string =>
  unit === 'request' ? 'request' : 'request_then_user';

/** True if one entry draws from the request, and the other from earlier requests. An item exposed in both is rare. */
function areApart(request: OptionValues, user: OptionValues): boolean {
  return request['scope'] === 'request' && user['scope'] === 'user' && user['before'] !== false;
}
