import { entriesOf, stageOf, type StageDraft, type TableName, type World } from './world.ts';

/** A smaller world that still fails: removes rows, entries, options and tables as long as `fails` returns true. */
export async function shrunk(world: World, fails: (world: World) => Promise<boolean>): Promise<World> {
  let smallest = world;
  for (let progress = true; progress;) {
    progress = false;
    for (const candidate of smaller(smallest)) {
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      progress = true;
      break;
    }
  }
  return smallest;
}

/** The largest reductions first. */
function* smaller(world: World): Generator<World> {
  for (const [name, { types, rows }] of Object.entries(world.tables)) {
    for (let size = rows.length; size >= 1; size = Math.floor(size / 2)) {
      for (let at = 0; at < rows.length; at += size) {
        yield {
          ...world,
          tables: {
            ...world.tables,
            [name as TableName]: { types, rows: [...rows.slice(0, at), ...rows.slice(at + size)] },
          },
        };
      }
    }
  }
  yield* withStages(world);
  const { window, timezone, ...plain } = world.config;
  if (timezone !== undefined && timezone !== 'UTC')
    yield { ...world, config: { ...plain, ...(window === undefined ? {} : { window }) } };
  for (const [name, entry] of Object.entries(world.config.data)) {
    if (entry['where'] !== undefined)
      yield { ...world, config: { ...world.config, data: { ...world.config.data, [name]: without(entry, 'where') } } };
  }
}

function* withStages(world: World): Generator<World> {
  const stage = stageOf(world);
  const put = (draft: StageDraft): World => ({
    ...world,
    config: { ...world.config, stages: { [world.stage]: draft } },
  });
  const { negatives } = stage;
  const { key, entries } = entriesOf(negatives);
  for (const name of Object.keys(entries)) {
    if (Object.keys(entries).length > 1 && name !== negatives['refill_from'])
      yield put({ ...stage, negatives: { ...negatives, [key]: without(entries, name) } });
    const entry = entries[name];
    if (typeof entry !== 'object') continue;
    for (const option of Object.keys(entry)) {
      if (!['share', 'count', 'source', 'match'].includes(option))
        yield put({ ...stage, negatives: { ...negatives, [key]: { ...entries, [name]: without(entry, option) } } });
    }
  }
  if (negatives['on_shortfall'] !== undefined)
    yield put({ ...stage, negatives: without(without(negatives, 'on_shortfall'), 'refill_from') });
  for (const option of ['exclude', 'downsample', 'calibration']) {
    if (negatives[option] !== undefined) yield put({ ...stage, negatives: without(negatives, option) });
  }
  if (stage['training'] !== undefined) yield put(without(stage, 'training'));
  const positives = stage['positives'] as Record<string, unknown>;
  for (const option of ['downsample_hot', 'max_per_user_per_day']) {
    if (positives[option] !== undefined) yield put({ ...stage, positives: without(positives, option) });
  }
}

function without<T extends object>(record: T, key: string): T {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key)) as T;
}
