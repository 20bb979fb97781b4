import type { Dice } from './dice.ts';
import { stageOf, type Cell, type ConfigDraft, type Row, type Table, type World } from './world.ts';

const HOUR = 3_600_000_000;
const delays = [0, 1, HOUR, 20 * HOUR, 24 * HOUR, 24 * HOUR + 1, 30 * HOUR, -HOUR, 120 * HOUR];

/**
 * Gives the events of a world times of their own, events without an impression and repeated events, and the options of
 * their table.
 */
export function withEventOptions(
  { config, tables }: Pick<World, 'config' | 'tables'>,
  dice: Dice,
): Pick<World, 'config' | 'tables'> {
  const { clicks, impressions } = tables;
  const entry = config.data.clicks;
  if (!clicks || !impressions || !entry || !dice.chance(0.8)) return { config, tables };
  const isTimed = dice.chance(0.8);
  const byRequest = entry.columns['request'] !== undefined && dice.chance(0.6);
  const { request: _request, ...others } = entry.columns;
  const columns: Record<string, unknown> = {
    ...(byRequest ? entry.columns : others),
    ...(isTimed ? { time: { column: 'done_at', unit: 'us' } } : {}),
  };
  const options = {
    ...(dice.chance(0.4) ? { within: dice.pick(['1h', '2d', '30d']) } : {}),
    ...(dice.chance(0.7) ? { unmatched: dice.pick(['exclude', 'ignore', 'positive', 'positive']) } : {}),
    ...(dice.chance(0.2) ? { events: ['buy'] } : {}),
  };
  const rows = events(clicks, impressions, dice);
  const table = { types: { ...clicks.types, done_at: 'BIGINT' }, rows };
  const data: ConfigDraft['data'] = { ...config.data, clicks: { ...entry, ...options, columns } };
  return { config: { ...config, data }, tables: { ...tables, clicks: table } };
}

function events(clicks: Table, impressions: Table, dice: Dice): Row[] {
  const shown = impressions.rows;
  const [users, items] = [shown.map((row) => row['user_id'] ?? null), shown.map((row) => row['item_id'] ?? null)];
  const more = shown
    .filter(() => dice.chance(0.3))
    .map((row): Row => {
      const wander = dice.chance(0.5);
      return {
        uid: row['user_id'] ?? null,
        iid: wander ? dice.pick(items) : (row['item_id'] ?? null),
        bought: clicks.rows[0]?.['bought'] ?? null,
        ...('rid' in clicks.types ? { rid: dice.chance(0.8) ? (row['request_id'] ?? null) : null } : {}),
        done_at: later(row['ts'] ?? null, dice),
      };
    });
  const known = clicks.rows.map((row): Row => {
    const first = shown[users.indexOf(row['uid'] ?? null)];
    return { ...row, done_at: later(first?.['ts'] ?? null, dice) };
  });
  const all = [...known, ...more];
  return [...all, ...all.filter(() => dice.chance(0.15))];
}

/** Some time after the time of a row, in microseconds. */
function later(cell: Cell, dice: Dice): Cell {
  if (cell === null || dice.chance(0.06)) return null;
  const written = Number(cell);
  const micros = Number.isNaN(written)
    ? Date.parse(String(cell)) * 1000
    : written * (written < 1e11 ? 1e6 : written < 1e14 ? 1e3 : 1);
  return micros + dice.pick(delays);
}

/** The world with positives of composed events. */
export function withComposedEvents(world: World, dice: Dice): World {
  const { config, stage } = world;
  const events = {
    ...(config.events as object),
    glance: { all: ['is_click', { not: { event: 'long_play' } }] },
    strong: { any: [{ all: ['is_click', { not: { column: 'play_time', op: '<', value: 9 } }] }, { event: 'glance' }] },
    silent: { not: 'is_click' },
  };
  const positives = {
    ...(stageOf(world).positives as object),
    events: { strong: 2, [dice.pick(['glance', 'long_play'])]: 1 },
  };
  const stages = { ...config.stages, [stage]: { ...stageOf(world), positives } };
  return { ...world, config: { ...config, events, stages } };
}
