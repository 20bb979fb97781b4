import { compareTexts } from '../../core/sampling/compareTexts.ts';
import { stagesReached } from '../../core/source/drawPlan.ts';
import type { ListPlan, PlanEntry } from '../../core/sampling/plan/stagePlan.ts';
import type { DatedItems, Lists, RequestItems } from '../../core/sampling/world/world.ts';
import { f64At } from '../../core/valueAt.ts';
import { requestKey } from '../inputs/users/userRows.ts';
import type { LoadedWorld } from '../inputs/world/loadedWorld.ts';
import type { LabelledLog } from './labelledLog.ts';
import { OwnedItems } from './ownedItems.ts';
import type { Requests } from './requests.ts';

type Candidates = Extract<ListPlan['rows'], { of: 'candidates' }>;
type Exposures = Extract<ListPlan['rows'], { of: 'exposures' }>;

/** The candidates of an entry that draws from lists: for requests with groups, and for all users. Null for pools. */
export function listsOf(
  { draws }: PlanEntry,
  logs: readonly LabelledLog[],
  requests: Requests,
  world: LoadedWorld,
): Lists | null {
  if (draws.kind === 'pool') return null;
  const { rows, byChannel } = draws;
  switch (rows.of) {
    case 'exposures':
      return exposures(rows, logs, requests, world);
    case 'rejections':
      return { request: null, user: rejections(rows.before === true, logs, world) };
    case 'candidates':
      return { request: candidates(rows, byChannel, logs, requests, world), user: null };
  }
}

function exposures(
  { scope, seen, matureAfter, before }: Exposures,
  logs: readonly LabelledLog[],
  requests: Requests,
  world: LoadedWorld,
): Lists {
  const ofRequest = new OwnedItems(world.items.count);
  const ofUser = new OwnedItems(world.items.count);
  logs.forEach((log, user) => {
    const isOne = isCandidate({ seen, matureAfter }, log);
    let [last, request]: [string | null, number] = [null, -1];
    for (let row = 0; row < log.rows; row++) {
      if (!isOne(row)) continue;
      // The exposures of a request often follow each other.
      const text = log.log.request[row] ?? null;
      if (scope !== 'user' && (text === null || text !== last)) request = requests.find(user, log.requestKey(row));
      last = text;
      if (request >= 0) ofRequest.add(request, log.item(row));
      // Keeps the earliest exposure, because the largest value of an item stays.
      if (scope !== 'request') ofUser.add(user, log.item(row), -log.time(row));
    }
  });
  return {
    request: scope === 'user' ? null : { ...ofRequest.rows(requests.count), channel: null, channels: [], score: null },
    user: scope === 'request' ? null : exposedItems(ofUser, logs.length, before),
  };
}

/**
 * Which rows of the log make their items candidates of `exposed_unclicked`: exposures of the split that have no
 * positive event for sure.
 */
export function isCandidate(
  { seen, matureAfter }: Pick<Exposures, 'seen' | 'matureAfter'>,
  log: LabelledLog,
): (row: number) => boolean {
  const isSeen = log.seen(seen);
  return (row) =>
    !log.isPositive(row) && !log.isUnknown(row) && log.inSplit(row) && isSeen(row) && log.isMature(row, matureAfter);
}

function rejections(before: boolean, logs: readonly LabelledLog[], { items, knownUntil }: LoadedWorld): DatedItems {
  const owned = new OwnedItems(items.count);
  logs.forEach(
    (
      {
        rowsOfUser: {
          rejections: { item, time },
        },
      },
      user,
    ) => {
      item.forEach((one, row) => {
        const at = f64At(time, row);
        // Nobody knows that a rejection without a time came before the request. As for exposures, the earliest stays.
        if (Number.isNaN(at) ? !before : at <= knownUntil) owned.add(user, one, -at);
      });
    },
  );
  return datedItems(owned, logs.length, before);
}

function exposedItems(owned: OwnedItems, users: number, before: boolean): DatedItems {
  const { since, ...items } = datedItems(owned, users, true);
  return before || since === null ? { ...items, since } : { ...items, since: null, first: since };
}

/** @param owned items with their earliest time, negated; `before`: whether it decides which groups have the item */
function datedItems(owned: OwnedItems, users: number, before: boolean): DatedItems {
  const { values, ...rows } = owned.rows(users);
  return { ...rows, since: before ? values.map((value) => -value) : null };
}

/** Facts about a candidate item of a request, combined over its channels. */
interface Candidate {
  rank: number;
  score: number;
  reached: number;
  readonly channels: Set<string>;
}

function candidates(
  { keep }: Candidates,
  byChannel: boolean,
  logs: readonly LabelledLog[],
  requests: Requests,
  world: LoadedWorld,
): RequestItems {
  const found: Map<number, Candidate>[] = Array.from({ length: requests.count }, () => new Map<number, Candidate>());
  logs.forEach(({ rowsOfUser: { candidates: rows } }, user) => {
    let [last, own]: [string | null | undefined, Map<number, Candidate> | undefined] = [undefined, undefined];
    rows.item.forEach((item, row) => {
      // The candidates of a request often follow each other.
      const request = rows.request[row] ?? null;
      if (request !== last) own = found[requests.find(user, requestKey(request, NaN))];
      last = request;
      if (!own) return;
      const channel = rows.channel[row] ?? '';
      if (keep.by === 'rank' && keep.channel !== null && channel !== keep.channel) return;
      const known = own.get(item) ?? { rank: NaN, score: NaN, reached: -1, channels: new Set() };
      own.set(item, known);
      known.channels.add(channel);
      known.rank = least(known.rank, f64At(rows.rank, row));
      known.score = -least(-known.score, -f64At(keep.by === 'teacher' ? rows.teacher : rows.score, row));
      known.reached = Math.max(
        known.reached,
        stagesReached.findIndex((stage) => stage === rows.reached[row]),
      );
    });
  });
  const channels = byChannel
    ? [...new Set(found.flatMap((own) => [...own.values()].flatMap((one) => [...one.channels])))].sort(compareTexts)
    : [];
  const numbers = new Map(channels.map((name, k) => [name, k]));
  const lists = Math.max(1, channels.length);
  const owned = new OwnedItems(world.items.count);
  found.forEach((own, request) => {
    for (const [item, candidate] of own) {
      if (!keeps(keep, candidate)) continue;
      if (byChannel)
        for (const name of candidate.channels)
          owned.add(request * lists + (numbers.get(name) ?? 0), item, candidate.score);
      else owned.add(request, item, candidate.score);
    }
  });
  const { offsets, items, values } = owned.rows(requests.count * lists);
  return {
    offsets: offsets.filter((_, k) => k % lists === 0),
    items,
    channels,
    channel: byChannel ? channelsOf(offsets, items.length, lists) : null,
    score: keep.by === 'score' || keep.by === 'teacher' ? values : null,
  };
}

function keeps(keep: Candidates['keep'], { rank, reached }: Candidate): boolean {
  switch (keep.by) {
    case 'rank':
      return rank >= keep.ranks[0] && rank <= keep.ranks[1];
    case 'reached':
      return stagesReached[reached] === keep.reached;
    default:
      return true;
  }
}

function channelsOf(offsets: Uint32Array, length: number, lists: number): Uint16Array {
  const channel = new Uint16Array(length);
  for (let owner = 0; owner + 1 < offsets.length; owner++)
    channel.fill(owner % lists, offsets[owner], offsets[owner + 1]);
  return channel;
}

function least(a: number, b: number): number {
  return Number.isNaN(a) || b < a ? b : a;
}
