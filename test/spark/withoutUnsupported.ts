import type { AskedPass } from '../../src/core/data/passThrough.ts';
import { Dice } from '../sampling/dice.ts';
import { withComposedEvents } from '../sampling/eventOptions.ts';
import { randomSequences } from '../sampling/randomSequences.ts';
import { sidedColumns } from '../sampling/sidedColumns.ts';
import { stageOf, type World } from '../sampling/world.ts';

/** Columns of each side that the data of a world support. */
function passThrough(world: World): readonly AskedPass[] {
  const { config, stage } = world;
  const { impressions, candidates } = config.data;
  const hasRequests = stageOf({ config, stage }).unit === 'request' || impressions?.columns['request'] !== undefined;
  return [
    { as: 'a_exposure', column: 'mark' },
    { as: 'b_exposure', column: 'scene', side: 'exposure' },
    ...sidedColumns(world),
    ...(candidates && hasRequests
      ? ([
          { as: 'k_rank', column: 'rank' },
          { as: 'l_reached', column: 'reached', side: 'candidate' },
        ] as const)
      : []),
  ];
}

/** A teacher of most stages that can have one. */
function teacherOf(world: World, dice: Dice): Record<string, unknown> {
  if (stageOf(world).unit === 'positive' || dice.chance(0.3)) return {};
  const from = world.config.data.candidates && dice.chance(0.6) ? 'candidates' : 'impressions';
  const column = from === 'candidates' ? dice.pick(['teacher', 'score', 'rank']) : 'mark';
  return { teacher: { column, from, kind: dice.pick(['probability', 'score']), on: dice.pick(['exposed', 'all']) } };
}

/** In-batch negatives of some stages whose groups are requests. */
function batchesOf(world: World, dice: Dice): Record<string, unknown> {
  const { unit, training } = stageOf(world);
  if (unit !== 'request' || dice.chance(0.5)) return {};
  return { training: { ...(training as object | undefined), in_batch: { batch_size: dice.pick([2, 7]) } } };
}

/** A world with more columns in its output: copied ones of each side, a teacher, and labels of further events. */
export function withoutUnsupported(world: World): World {
  const stages = {
    [world.stage]: {
      ...stageOf(world),
      ...teacherOf(world, new Dice(`${world.name} teacher`)),
      ...batchesOf(world, new Dice(`${world.name} batches`)),
    },
  };
  const dice = new Dice(`${world.name} outcomes`);
  const plain: World = { ...world, config: { ...world.config, stages } };
  const whole = dice.chance(0.3) ? withComposedEvents(plain, dice) : plain;
  const labels = dice.chance(0.5)
    ? {
        events: Object.keys(whole.config['events'] ?? {}).map((event) => matured(event, dice)),
        graded: dice.chance(0.7),
      }
    : {};
  const lists = new Dice(`${world.name} sequences`);
  const sequences = lists.chance(0.6) ? { sequences: randomSequences(whole, lists) } : {};
  const output = { pass_through: passThrough(whole), ...labels, ...sequences };
  return { ...whole, config: { ...whole.config, output } };
}

function matured(event: string, dice: Dice): unknown {
  return dice.chance(0.4) ? { event, mature_after: dice.pick(['1s', '20h', '3d']) } : event;
}
