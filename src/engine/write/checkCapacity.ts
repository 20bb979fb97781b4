import { fail, type FailureError } from '../../core/message/failure.ts';
import { message, type Message } from '../../core/message/message.ts';
import { printableId } from '../../core/message/printable.ts';
import type { StagePlan } from '../../core/sampling/plan/stagePlan.ts';
import {
  cellBytes,
  shortage,
  neededToDraw,
  neededToRead,
  type Shortage,
  type RequiredSpace,
} from '../../core/sampling/capacity.ts';
import { keptValues, listBytes, type ValuesPerGroup } from '../../core/sampling/listBytes.ts';
import { plainPlacement } from '../../core/sampling/placement.ts';
import { formatBytes, formatCount } from '../../core/table/format.ts';
import type { SampleOutput } from '../../protocol/sampling.ts';
import type { Work } from '../database/connections.ts';
import { machineCapacity, type CapacityProbe } from '../files/capacityProbe.ts';
import { numberIn } from '../database/numberIn.ts';
import { rowsPerGroup } from '../inputs/rowLimit.ts';
import { copyBytes, drawsInWasm } from '../draw/wasm/wasmPlan.ts';
import type { SampledTables } from '../inputs/sampledTables.ts';
import { MAX_ROWS } from '../inputs/users/loadUsers.ts';
import { within } from '../inputs/world/within.ts';
import { unexposedPositives } from '../inputs/events/unmatchedSql.ts';
import { anyEvent } from '../inputs/world/counts.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import { isColumnar } from '../groups/columnarBlock.ts';
import { storedLog, storedUsers, type StoredTables } from '../inputs/storedTables.ts';
import type { UserRange } from '../groups/userRanges.ts';

/** Folders that the output needs, and the probe of their free space. */
export interface Places {
  /** The folder of the output file. */
  readonly target: string;
  readonly temporary: string;
  readonly capacity?: CapacityProbe | undefined;
}

/** Checks disk space before reading. @throws FailureError if the logs of all users do not fit on the disk */
export async function checkReading(
  {
    tables,
    data: {
      log: { impressions, events },
      candidates,
      rejections,
    },
  }: SampledTables,
  carried: number,
  places: Places,
  work: Work,
): Promise<void> {
  const used = [impressions, candidates, rejections].filter((table) => table !== undefined);
  const counts = await tables.rows(
    `SELECT ${used.map(({ ref, days }) => `(SELECT count(*) FROM ${tables.table(ref).relation(days)})`).join(', ')}`,
    work,
  );
  const cells = used.map(
    (table, k) =>
      numberIn(counts[0], k) * (1 + Object.keys(table.columns).length + (k === 0 ? events.length + carried : 0)),
  );
  await check(
    neededToRead({ rows: cells.reduce((sum, one) => sum + one, 0), columns: 1, limit: tables.memoryBytes }),
    places,
  );
}

/**
 * @param aside rows that are buffered at a time. `copies`: how often all rows are stored at the same time: once if they
 * are written only after drawing, and again while they are sorted. `threads`: number of drawing threads
 * @throws FailureError before anything is drawn, if memory or a disk is too small for the drawn rows
 */
export async function checkDrawing(
  {
    plan,
    world,
    stored,
    ranges,
  }: {
    readonly plan: StagePlan;
    readonly world: LoadedWorld;
    readonly stored: StoredTables;
    readonly ranges: readonly UserRange[];
  },
  {
    columns,
    valuesPerGroup,
    output: { format, layout, placement },
    aside,
    copies,
    threads,
  }: {
    readonly columns: number;
    readonly valuesPerGroup: ValuesPerGroup;
    readonly output: SampleOutput;
    readonly aside: number;
    readonly copies: number;
    readonly threads: number;
  },
  places: Places,
  work: Work,
): Promise<void> {
  const { tables } = stored;
  if (!isColumnar(plan, stored)) await refuseHeavyUser(stored, work);
  const groups = await groupsOf(plan, world, stored, work);
  const rows = groups * rowsPerGroup(plan);
  const [usage] = await tables.rows(
    'SELECT CAST(sum(memory_usage_bytes) AS BIGINT), CAST(sum(temporary_storage_bytes) AS BIGINT) FROM duckdb_memory()',
    work,
  );
  await check(
    neededToDraw({
      rows,
      groups,
      columns,
      cellBytes: cellBytes[format],
      lists: {
        valuesPerGroup: keptValues(valuesPerGroup, layout),
        bytes: listBytes(
          valuesPerGroup,
          { rows, groups },
          { layout, format, order: (placement ?? plainPlacement).order },
        ),
      },
      bufferedRows: copies > 0 ? copies * rows : Math.min(rows, aside),
      // One block is read while another is drawn.
      blockRows: ranges
        .map((range) => range.rows)
        .sort((a, b) => b - a)
        .slice(0, 2)
        .reduce((sum, one) => sum + one, 0),
      poolItems: world.pools.reduce(
        (sum, { pools }) => sum + pools.reduce((entrySum, { items }) => entrySum + items.length, 0),
        0,
      ),
      poolCopyBytes: drawsInWasm(plan) ? threads * copyBytes(world) : 0,
      used: { memory: numberIn(usage, 0), disk: numberIn(usage, 1) },
      limit: tables.memoryBytes,
    }),
    places,
  );
}

/** Refuses a user with too many rows, because all rows of a user are in memory at the same time. */
async function refuseHeavyUser(
  {
    tables,
    data: {
      log: { impressions },
    },
  }: StoredTables,
  work: Work,
): Promise<void> {
  const [heaviest] = await tables.rows(
    `SELECT CAST("user" AS VARCHAR), CAST(rows AS DOUBLE) FROM ${storedUsers} WHERE greatest(shown, rows - shown) > ${MAX_ROWS} ORDER BY rows DESC LIMIT 1`,
    work,
  );
  if (!heaviest) return;
  throw fail(
    'out-of-memory',
    message(
      'User {0} has {1} rows, but at most {2} are kept in memory at a time',
      printableId(String(heaviest[0])),
      formatCount(Number(heaviest[1])),
      formatCount(MAX_ROWS),
    ),
    {
      place: { path: impressions.ref.path },
      advice: message(
        'Exclude this user with where if it is not a real user, or choose fewer days. Use Spark on a cluster if the data does not fit on one machine.',
      ),
    },
  );
}

/** Upper bound of the number of groups. The number of requests is accurate to a few percent. */
async function groupsOf(
  { unit, positives }: StagePlan,
  world: LoadedWorld,
  stored: StoredTables,
  work: Work,
): Promise<number> {
  const inSplit = within('time', world.split);
  const requests = stored.candidates() ?? (stored.data.log.impressions.columns.request ? storedLog : null);
  const positive = unexposedPositives(stored, positives.events, world);
  const unexposed = positive === null ? '' : `UNION ALL SELECT count(*) FROM ${positive}`;
  const count = {
    positive: `SELECT sum(n) FROM (SELECT count(*) AS n FROM ${storedLog} WHERE ${inSplit} AND (${anyEvent(
      stored,
      positives.events.map(({ name }) => name),
      world.knownUntil,
    )}) ${unexposed})`,
    impression: `SELECT count(*) FROM ${storedLog} WHERE ${inSplit}`,
    request:
      requests === null
        ? `SELECT count(*) FROM ${storedLog} WHERE ${inSplit}`
        : `SELECT approx_count_distinct(request) FROM ${requests}`,
  } satisfies { readonly [U in StagePlan['unit']]: string };
  const [groups] = await stored.tables.rows(count[unit], work);
  return numberIn(groups);
}

async function check(needed: RequiredSpace, { target, temporary, capacity = machineCapacity }: Places): Promise<void> {
  const [targetDisk, temporaryDisk] = [await capacity.disk(target), await capacity.disk(temporary)];
  const lack = shortage(needed, {
    memory: capacity.memory(),
    temporary: temporaryDisk?.free ?? null,
    target: targetDisk?.free ?? null,
    oneDisk: targetDisk !== null && targetDisk.device === temporaryDisk?.device,
  });
  if (lack !== null) throw refusal(lack, target, temporary);
}

function refusal({ resource, needed, available }: Shortage, target: string, temporary: string): FailureError {
  const sizes: readonly [string, string] = [formatBytes(needed), formatBytes(available)];
  const texts: {
    readonly [K in keyof RequiredSpace]: () => readonly [
      'out-of-memory' | 'disk-full',
      string | null,
      Message,
      Message,
    ];
  } = {
    memory: () => [
      'out-of-memory',
      null,
      message('Drawing needs about {0} of memory, but only {1} is free', ...sizes),
      message(
        'Choose fewer users or days, or a machine with more memory. Use Spark on a cluster if the data does not fit on one machine.',
      ),
    ],
    temporary: () => [
      'disk-full',
      temporary,
      message('The temporary files need about {0}, but this disk has only {1} left', ...sizes),
      message(
        'Free some space, set {0} to a folder with more space, or choose fewer users or days. Use Spark on a cluster if the data does not fit on one machine.',
        process.platform === 'win32' ? 'TEMP' : 'TMPDIR',
      ),
    ],
    target: () => [
      'disk-full',
      target,
      message('The file needs about {0}, but this disk has only {1} left', ...sizes),
      message(
        'Free some space, write to another disk, or choose fewer users or days. Use Spark on a cluster if the data does not fit on one machine.',
      ),
    ],
  };
  const [code, path, text, advice] = texts[resource]();
  return fail(code, text, { ...(path === null ? {} : { place: { path } }), advice });
}
