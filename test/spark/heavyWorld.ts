import { randomWorld } from '../sampling/randomWorld.ts';
import type { World } from '../sampling/world.ts';
import { withoutUnsupported } from './withoutUnsupported.ts';

/** Stages that draw from what a user has seen or rejected. In some groups, the attempts end before the group is full. */
export const heavyStages: readonly { readonly name: string; readonly stage: World['config']['stages'] }[] = [
  {
    name: 'request, then user',
    stage: {
      recall: {
        unit: 'positive',
        positives: { events: { click: 1, long_play: 2 } },
        negatives: {
          per_positive: {
            exposed_unclicked: 30,
            few: {
              source: 'exposed_unclicked',
              count: 9,
              scope: 'user',
              exclude: { events: ['impressions'], lookback: '300h' },
            },
          },
          exclude: { events: ['click'], lookback: '2d' },
        },
        training: { logq: 'shares' },
      },
    },
  },
  {
    name: 'user and rejections, refilled, per request',
    stage: {
      coarse_ranking: {
        unit: 'request',
        positives: { events: { click: 1 } },
        negatives: {
          per_request: {
            mine: { source: 'exposed_unclicked', scope: 'user', count: 5 },
            rejected: { count: 6, before: true },
          },
          exclude: 'none',
          on_shortfall: 'refill',
          refill_from: 'mine',
        },
        training: { logq: 'corpus' },
      },
    },
  },
];

/** Random data with a user who has seen and rejected more than 1,024 items. */
function heavyWorld(): World {
  for (let k = 0; k < 500; k++) {
    const world = randomWorld(`heavy on Spark ${k}`);
    const { items, impressions } = world.config.data;
    const shown = world.tables.impressions;
    const hasLives = items?.columns['created'] !== undefined && items.columns['removed'] !== undefined;
    if (!shown || shown.rows.length < 1200 || !hasLives || impressions?.columns['request'] === undefined) continue;
    const { user, item, time } = impressions.columns;
    const rejections = { kind: 'by_user', columns: { user, item, ...(time === undefined ? {} : { time }) } };
    // Many plays have no time. If they were unknown, no user would have 1,024 exposures without an event.
    const events = {
      ...(world.config.events as object | undefined),
      long_play: { column: 'play_time', op: '>=', value: 7, unknown: 'negative' },
    };
    return {
      ...world,
      tables: { ...world.tables, rejections: shown },
      config: { ...world.config, events, data: { ...world.config.data, rejections } },
    };
  }
  throw new Error('no world has a heavy user');
}

/** The heavy world with one of the stages. */
export function heavyStage(stage: World['config']['stages']): World {
  const random = heavyWorld();
  const { window: _window, ...config } = random.config;
  const [only] = Object.keys(stage);
  return withoutUnsupported({
    ...random,
    stage: only as World['stage'],
    split: 'train',
    config: { ...config, stages: stage },
  });
}
