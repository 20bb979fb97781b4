import type { Stage } from '../../src/core/schema/stage.ts';
import { Dice } from './dice.ts';
import { withEventOptions } from './eventOptions.ts';
import { withHistory } from './historyOptions.ts';
import { randomStage } from './randomStage.ts';
import { randomTables, type Traits } from './randomTables.ts';
import { withSplitOptions } from './splitOptions.ts';
import { roleOfTime, zones, type TimeForm } from './timeForms.ts';
import type { ConfigDraft, World } from './world.ts';

/** A small random world: the same name gives the same world. */
export function randomWorld(name: string): World {
  const dice = new Dice(name);
  const traits = randomTraits(dice);
  const stage = dice.pick<Stage>(['recall', 'coarse_ranking', 'fine_ranking']);
  const unit = dice.chance(0.15) ? 'impression' : dice.chance(0.4) ? 'request' : 'positive';
  const tables = randomTables(dice, traits);
  const config: ConfigDraft = {
    version: 1,
    seed: dice.pick(['spring', '种子', 20261124, -7, '']),
    ...(dice.chance(0.5) ? { epoch: dice.whole(0, 3) } : {}),
    ...(traits.zone === 'UTC' && dice.chance(0.5) ? {} : { timezone: traits.zone }),
    data: data(dice, traits),
    events: {
      click: 'is_click',
      long_play: { column: 'play_time', op: '>=', value: 7 },
      ...(traits.hasClicks
        ? {
            buy: dice.chance(0.5)
              ? 'bought'
              : { column: 'bought', op: '=', value: traits.flags === 'BOOLEAN' ? true : 1 },
          }
        : {}),
    },
    ...window(dice),
    stages: { [stage]: randomStage(dice, traits, unit) },
  };
  // Uses separate dice, so that existing worlds do not change.
  const split = hasEval(config) && new Dice(`${name} split`).chance(0.5) ? { split: 'eval' as const } : {};
  const known = withSplitOptions(config, stage, new Dice(`${name} split options`));
  const events = withEventOptions({ config: known, tables }, new Dice(`${name} events`));
  return { name, stage, ...split, ...withHistory(events, stage, new Dice(`${name} history`)) };
}

function randomTraits(dice: Dice): Traits {
  const size = dice.chance(0.08) ? 'heavy' : dice.chance(0.06) ? 'one item' : dice.chance(0.12) ? 'tiny' : 'ordinary';
  const requestKind = dice.pick(['BIGINT', 'VARCHAR', 'VARCHAR', 'own', 'none'] as const);
  const coarse = dice.chance(0.4);
  const form = (...more: TimeForm[]): TimeForm =>
    dice.pick<TimeForm>([
      'us',
      'seconds',
      'text',
      'zoned',
      'local',
      ...(coarse ? (['s', 'ms'] as const) : []),
      ...more,
    ]);
  return {
    size,
    requestKind,
    coarse,
    zone: dice.pick(zones),
    userKind: dice.pick(['BIGINT', 'VARCHAR']),
    itemKind: dice.pick(['BIGINT', 'VARCHAR']),
    hasItems: dice.chance(0.9),
    hasUsers: dice.chance(0.7),
    hasCandidates: dice.chance(requestKind === 'none' ? 0.3 : 0.75),
    candidateUser: dice.chance(0.7),
    candidateTime: dice.chance(0.5),
    hasRejections: dice.chance(0.6),
    hasClicks: dice.chance(0.3),
    clickRequest: dice.chance(0.6),
    flags: dice.pick(['BOOLEAN', 'INTEGER', 'DOUBLE']),
    times: {
      impressions: form(),
      candidates: form(),
      rejections: form('date'),
      created: form('date', 'date'),
      removed: form('date', 'date'),
    },
  };
}

function data(dice: Dice, traits: Traits): ConfigDraft['data'] {
  const request = traits.requestKind === 'none' ? {} : { request: 'request_id' };
  const { times } = traits;
  return {
    impressions: {
      columns: {
        user: 'user_id',
        item: 'item_id',
        time: roleOfTime(times.impressions, 'ts'),
        ...request,
        position: 'position',
        viewed: 'is_viewed',
      },
      ...(dice.chance(0.2) ? { where: { scene: 'feed' } } : {}),
    },
    ...(traits.hasClicks
      ? {
          clicks: {
            columns: {
              user: 'uid',
              item: 'iid',
              ...(traits.clickRequest && traits.requestKind !== 'none' ? { request: 'rid' } : {}),
            },
          },
        }
      : {}),
    ...(traits.hasItems
      ? {
          items: {
            columns: {
              item: 'item_id',
              ...(dice.chance(0.8) ? { created: roleOfTime(times.created, 'created_at') } : {}),
              ...(dice.chance(0.8) ? { removed: roleOfTime(times.removed, 'removed_at') } : {}),
              attributes: ['city', 'category'],
            },
            ...(dice.chance(0.5)
              ? {
                  where: dice.pick<Record<string, unknown>>([
                    { status: 'online' },
                    { price: { op: '<=', value: 80 } },
                    { status: ['online', 'offline'] },
                  ]),
                }
              : {}),
          },
        }
      : {}),
    ...(traits.hasUsers ? { users: { columns: { user: 'user_id', attributes: ['region', 'level'] } } } : {}),
    ...(traits.hasCandidates
      ? {
          candidates: {
            columns: {
              item: 'item_id',
              request: 'request_id',
              channel: 'channel',
              rank: 'rank',
              reached: 'reached',
              score: 'score',
              teacher: 'teacher',
              ...(traits.candidateUser ? { user: 'user_id' } : {}),
              ...(traits.candidateTime ? { time: roleOfTime(times.candidates, 'ts') } : {}),
            },
          },
        }
      : {}),
    ...(traits.hasRejections
      ? {
          rejections: {
            kind: dice.pick(['by_owner', 'by_user']),
            columns: {
              user: 'user_id',
              item: 'item_id',
              ...(dice.chance(0.8) ? { time: roleOfTime(times.rejections, 'ts') } : {}),
            },
          },
        }
      : {}),
  };
}

function hasEval({ window: windows }: ConfigDraft): boolean {
  return typeof windows === 'object' && windows !== null && 'eval' in windows;
}

function window(dice: Dice): Record<string, unknown> {
  if (dice.chance(0.12)) return {};
  const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}`;
  const from = dice.whole(1, 3);
  const to = dice.whole(from, 10);
  const train = dice.chance(0.7)
    ? { from: day(from), to: day(to) }
    : { from: `${day(from)}T03:30:00`, to: `${day(to)} 23:15:00.5+02:00` };
  return { window: { train, ...(dice.chance(0.5) ? { eval: { from: day(11), to: day(12) } } : {}) } };
}
