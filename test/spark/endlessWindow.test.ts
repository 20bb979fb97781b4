import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { folder } from '../engine/fixture.ts';
import { Dice } from '../sampling/dice.ts';
import { randomWorld } from '../sampling/randomWorld.ts';
import { exactJson, stageOf, type Row, type World } from '../sampling/world.ts';
import { WorldFiles } from '../sampling/worldFiles.ts';
import { chosenWorlds, testWorlds } from '../sampling/worldParts.ts';
import { compareRows } from './worldOnDuckdb.ts';

/** Worlds per run; a higher RECSAMPLE_WORLDS searches longer. */
const worlds = Number(process.env['RECSAMPLE_WORLDS'] ?? 10);
const DAY = 86_400_000_000;

let files: WorldFiles;
before(async () => {
  files = await WorldFiles.open();
});
after(() => {
  files.close();
});

const isMicroseconds = (role: unknown): boolean =>
  typeof role === 'object' && role !== null && 'unit' in role && role.unit === 'us';

/** A world whose training window has no end, with groups later than all impressions. Null if its data have none. */
function endlessWorld(name: string): World | null {
  const world = randomWorld(name);
  const { impressions } = world.tables;
  const { data } = world.config;
  const { unit } = stageOf(world);
  if (!impressions || !data.items || !isMicroseconds(data.impressions?.columns['time'])) return null;
  const hasLater =
    unit === 'request'
      ? isMicroseconds(data.candidates?.columns['time'])
      : unit === 'positive' && data.clicks?.columns['time'] !== undefined;
  if (!hasLater || impressions.rows.length < 20) return null;
  const dice = new Dice(`${name} endless`);
  const times = impressions.rows.flatMap(({ ts }) => (ts === null || ts === undefined ? [] : [Number(ts)]));
  const cut = [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.6)] ?? 0;
  const shown = impressions.rows.filter(({ ts }) => ts === null || Number(ts) <= cut);
  // Sometimes the newest impression is at the end of a day.
  const last = { ...shown[0], ts: Math.floor(cut / DAY) * DAY + DAY - 1 } as Row;
  const rows = dice.chance(0.3) && world.config['timezone'] === 'UTC' ? [...shown, last] : shown;
  const daily = { source: 'popularity', count: dice.pick(['click', 'impressions']), as_of: 'day' };
  const by = data.users && dice.chance(0.5) ? { group_by: 'region' } : {};
  const entries = {
    recent: { ...daily, ...by, count: 'click', window: dice.pick(['1d', '3d']) },
    all: { ...daily, smoothing: dice.pick([0, 1]) },
  };
  const shares = Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, { ...entry, share: 0.5 }]));
  const amount = unit === 'positive' ? 'per_positive' : 'per_request';
  const stage = {
    unit,
    positives: { events: unit === 'positive' ? { click: 1, buy: 2 } : { click: 1 } },
    negatives: { [amount]: 6, mix: shares, exclude: 'none' },
    training: { logq: 'shares' },
  };
  return {
    name,
    stage: world.stage,
    split: unit === 'positive' || dice.chance(0.5) ? 'eval' : 'train',
    tables: { ...world.tables, impressions: { ...impressions, rows } },
    config: {
      ...world.config,
      data: { ...data, ...(data.clicks ? { clicks: { ...data.clicks, unmatched: 'positive' } } : {}) },
      window: { train: { from: '2026-10-31' }, eval: { from: '2026-11-02', to: '2026-11-12' } },
      stages: { [world.stage]: stage },
      output: {},
    },
  };
}

const seen = { later: 0, ended: 0 };
const worldAt = chosenWorlds((k) => endlessWorld(`endless ${k}`));

async function tryWorld(number: number): Promise<void> {
  const world = worldAt(number);
  const directory = join(folder, `spark-endless-${number}`);
  try {
    const late = 'SELECT count(*) FROM groups WHERE t > (SELECT max(t) FROM log)';
    const query = `SELECT (SELECT count(*) FROM recent__counted_late), (${late})`;
    const compared = await compareRows(files, world, directory, () => query);
    assert.equal(compared.found, null, `${world.name}: ${exactJson({ config: world.config, split: world.split })}`);
    const [row = '[]'] = compared.answer;
    const [counted, groups] = (JSON.parse(row) as unknown[]).map(Number);
    if ((counted ?? 0) > 0 && (groups ?? 0) > 0) seen.later++;
    if (counted === 0 && (groups ?? 0) > 0) seen.ended++;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

testWorlds(
  'popularity of each day without window.train.to is that of the local file',
  { worlds, most: 5, usesReference: false },
  tryWorld,
  () => {
    // Groups after the cut, and a cut at the end of a day.
    assert.ok(seen.later > 1 && seen.ended > 0, JSON.stringify(seen));
  },
);
