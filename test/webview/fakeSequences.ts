import { microsecondsOfIso } from '../../src/core/sampling/isoTime.ts';
import type { ShownSequence } from '../../src/core/sampling/shownHistories.ts';
import { historiesOfRows, type ShownRow, type UserSteps } from '../../src/core/sampling/userHistories.ts';
import type { FakeConfig } from './fakeConfig.ts';
import type { PreviewAnswer } from '../../src/protocol/preview.ts';
import type { PreviewUser, UserStory } from '../../src/protocol/sampling.ts';

const MINUTE = 60e6;
const DAY = 1440 * MINUTE;

const sequencesOf = ({ delay }: FakeConfig): readonly ShownSequence[] => [
  {
    name: 'clicks',
    availableAfter: delay * MINUTE,
    asOf: 'request',
    isNewestFirst: false,
    length: 20,
    lookback: null,
    session: null,
    dedup: 'none',
    columns: ['category'],
  },
  {
    name: 'orders',
    availableAfter: 360 * MINUTE,
    asOf: 'day',
    isNewestFirst: false,
    length: 20,
    lookback: 2 * DAY,
    session: null,
    dedup: 'item',
    columns: [],
  },
];

/** The item of all orders; null for usual ids. */
const orderedItem = new URLSearchParams(location.search).get('id');

function stepsOf({ events, exposures }: UserStory, event: string, columns: number): UserSteps {
  const ofEvent = events.filter((one) => one.event === event).sort((a, b) => (a.time < b.time ? -1 : 1));
  const numbers = [...new Set(ofEvent.map(({ item }) => item))];
  return {
    time: Float64Array.from(ofEvent, ({ time }) => microsecondsOfIso(time)),
    item: Uint32Array.from(ofEvent, ({ item }) => numbers.indexOf(item)),
    items: ofEvent.map(({ item }) => (event === 'purchase' ? (orderedItem ?? item) : item)),
    requests: ofEvent.map(
      ({ item, time }) => exposures.find((one) => one.item === item && one.time === time)?.request ?? null,
    ),
    values: Array.from({ length: columns }, () => ofEvent.map((_, k) => (k % 7 === 0 ? null : `c${k % 5}`))),
  };
}

function withHistories(user: PreviewUser, story: UserStory, sequences: readonly ShownSequence[]): PreviewUser {
  const ofSequences = sequences.map((sequence) => {
    const steps = stepsOf(story, sequence.name === 'clicks' ? 'click' : 'purchase', sequence.columns.length);
    const rows = user.groups.map(({ time, request }): ShownRow => {
      const readTime = microsecondsOfIso(time);
      const end = readTime - sequence.availableAfter;
      return { readTime, cutOff: sequence.asOf === 'day' ? end - (end % DAY) : end, request };
    });
    const histories = historiesOfRows(steps, sequence, rows);
    for (;;) {
      const { done, value } = histories.next();
      if (done === true) return value;
    }
  });
  return {
    ...user,
    steps: ofSequences.map(({ steps }) => steps),
    groups: user.groups.map((group, g) => ({
      ...group,
      histories: ofSequences.flatMap(({ history }) => history[g] ?? []),
    })),
  };
}

/**
 * The same draws for a config with two sequences: clicks, and orders as of the day.
 * @param storyOf the log rows of a user
 */
export function withSequences(
  { sampler, preview }: PreviewAnswer,
  config: FakeConfig,
  storyOf: (user: PreviewUser) => UserStory,
): PreviewAnswer {
  const sequences = sequencesOf(config);
  const users = preview.users.map((user) => withHistories(user, storyOf(user), sequences));
  return { sampler, preview: { ...preview, sequences, users } };
}
