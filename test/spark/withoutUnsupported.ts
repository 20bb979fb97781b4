import type { AskedPass } from '../../src/core/data/passThrough.ts';
import { sidedColumns } from '../sampling/sidedColumns.ts';
import { entriesOf, stageOf, type EntryDraft, type StageDraft, type World } from '../sampling/world.ts';

/** Columns of each side that the data of a world support and a Spark job can copy. */
function passThrough(world: World): readonly AskedPass[] {
  const { config, stage } = world;
  const isDrawn = stageOf({ config, stage }).unit !== 'impression';
  return [...(isDrawn ? [] : ([{ as: 'a_exposure', column: 'mark' }] as const)), ...sidedColumns(world)];
}

const ofCandidates = new Set(['hard_rank', 'hard_score', 'ranked_unexposed', 'coarse_filtered']);

/** The same value without the key `history`, at any depth. */
function withoutHistory(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutHistory);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (key === 'history' ? [] : [[key, withoutHistory(one)]])),
  );
}

/** An entry without options that a Spark job refuses; candidates become exposures of all users. */
function supported(name: string, entry: EntryDraft, hasDays: boolean): EntryDraft {
  const options = typeof entry === 'number' ? {} : entry;
  const { source: named } = options;
  const source = typeof named === 'string' ? named : name;
  if (ofCandidates.has(source)) {
    const kept = Object.fromEntries(
      Object.entries(options).filter(([key]) => ['share', 'count', 'exclude'].includes(key)),
    );
    return { ...(typeof entry === 'number' ? {} : kept), source: 'exposed_random', ...amountOf(entry) };
  }
  if (typeof entry === 'number') return entry;
  const { as_of: asOf, smoothing, ...rest } = entry;
  const isDaily = asOf === 'day' && hasDays && rest['window'] !== undefined;
  return {
    ...rest,
    ...(asOf === undefined || (asOf === 'day' && !isDaily) ? {} : { as_of: asOf }),
    ...(smoothing === undefined || isDaily || rest['group_by'] !== undefined ? {} : { smoothing }),
  };
}

const amounts = new Map<EntryDraft, 'share' | 'count'>();
function amountOf(entry: EntryDraft): Record<string, unknown> {
  return typeof entry === 'number' ? { [amounts.get(entry) ?? 'share']: entry } : {};
}

function supportedStage({ training, ...stage }: StageDraft, isEval: boolean, hasDays: boolean): StageDraft {
  const { in_batch: inBatch, ...others } = (training ?? {}) as Readonly<Record<string, unknown>>;
  const kept = isEval || inBatch === undefined ? others : { ...others, in_batch: inBatch };
  if (stage.unit === 'impression') return { ...stage, training: kept };
  const { key, entries } = entriesOf(stage.negatives);
  const changed = Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => {
      if (typeof entry === 'number') amounts.set(entry, key === 'mix' ? 'share' : 'count');
      return [name, supported(name, entry, hasDays)] as const;
    }),
  );
  const { per_request: perRequest, ...negatives } = stage.negatives;
  const perPositive = negatives.per_positive ?? perRequest;
  return {
    ...stage,
    training: kept,
    unit: 'positive',
    negatives:
      key === 'mix'
        ? { ...negatives, ...(perPositive === undefined ? {} : { per_positive: perPositive }), mix: changed }
        : { ...negatives, per_positive: changed },
  };
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
    [world.stage]: supportedStage(withoutHistory(stageOf(world)) as StageDraft, world.split === 'eval', hasDays),
  };
  const config = { ...world.config, data, events: known, stages };
  return { ...world, tables, config: { ...config, output: { pass_through: passThrough({ ...world, config }) } } };
}
