import type { AskedPass } from '../../src/core/data/passThrough.ts';
import { Dice } from '../sampling/dice.ts';
import { sidedColumns } from '../sampling/sidedColumns.ts';
import { entriesOf, stageOf, type EntryDraft, type StageDraft, type World } from '../sampling/world.ts';

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

/** The same value without the key `history`, at any depth. */
function withoutHistory(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutHistory);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (key === 'history' ? [] : [[key, withoutHistory(one)]])),
  );
}

/** An entry without options that a Spark job refuses. */
function supported(entry: EntryDraft, hasDays: boolean): EntryDraft {
  if (typeof entry === 'number') return entry;
  const { as_of: asOf, smoothing, ...rest } = entry;
  const isDaily = asOf === 'day' && hasDays && rest['window'] !== undefined;
  return {
    ...rest,
    ...(asOf === undefined || (asOf === 'day' && !isDaily) ? {} : { as_of: asOf }),
    ...(smoothing === undefined || isDaily || rest['group_by'] !== undefined ? {} : { smoothing }),
  };
}

function supportedStage({ training, ...stage }: StageDraft, isEval: boolean, hasDays: boolean): StageDraft {
  const { in_batch: inBatch, ...others } = (training ?? {}) as Readonly<Record<string, unknown>>;
  const kept = isEval || inBatch === undefined ? others : { ...others, in_batch: inBatch };
  if (stage.unit === 'impression') return { ...stage, training: kept };
  const { key, entries } = entriesOf(stage.negatives);
  const changed = Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, supported(entry, hasDays)] as const),
  );
  return { ...stage, training: kept, negatives: { ...stage.negatives, [key]: changed } };
}

/** A world without the parts that a Spark job refuses by name, so that the rest of it is compared. */
export function withoutUnsupported(world: World): World {
  const { clicks: _clicks, ...data } = world.config.data;
  const { clicks: _table, ...tables } = world.tables;
  const events = world.config['events'] as Readonly<Record<string, unknown>>;
  const known = { ...events, ...('buy' in events ? { buy: { column: 'play_time', op: '>=', value: 9 } } : {}) };
  const { train } = (world.config['window'] ?? {}) as { readonly train?: { readonly to: string } };
  const hasDays = /^\d{4}-\d{2}-\d{2}$/.test(train?.to ?? '');
  const stages = {
    [world.stage]: {
      ...supportedStage(withoutHistory(stageOf(world)) as StageDraft, world.split === 'eval', hasDays),
      ...teacherOf(world, new Dice(`${world.name} teacher`)),
    },
  };
  const config = { ...world.config, data, events: known, stages };
  return { ...world, tables, config: { ...config, output: { pass_through: passThrough({ ...world, config }) } } };
}
