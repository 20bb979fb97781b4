// Stands for the extension host in the page of the preview: a config in memory that sliders edit, and made-up draws
// from it.
import { FailureError, type Failure } from '../../src/core/message/failure.ts';
import type {
  ConfigText,
  PreviewRequests,
  PreviewStart,
  SamplerParams,
  SamplerProblem,
  SamplerSummary,
} from '../../src/protocol/preview.ts';
import type { FoundUser, PairExplanation, UserChoice, UserStory } from '../../src/protocol/sampling.ts';
import { withBatches } from './fakeBatches.ts';
import { withSequences } from './fakeSequences.ts';
import { fakeChannel, type FakeChannel } from './fakeChannel.ts';
import { fakeComparison } from './fakeComparison.ts';
import { delayKnob, fakeSummary, freshConfig, type FakeConfig } from './fakeConfig.ts';
import { fakeColumns, pairRows, withPassed } from './fakePassed.ts';
import { fakeStory, foundItems } from './fakeStory.ts';
import { fakePreview, fakeUsers, heavyUser } from './fakeSampler.ts';

/** The interface for tests of the preview, in addition to the channel: `window.fakePreview`. */
export interface FakePreview {
  /** The config in the editor. */
  config: FakeConfig;
  /** The config on disk. */
  saved: FakeConfig;
  /** Undo steps. */
  steps: FakeConfig[];
  saves: { name: string; text: string }[];
  /** Requests to write a sample file. */
  generated: SamplerParams[];
  /** Makes the next requests with this name fail. */
  failing: string;
}
declare global {
  interface Window {
    fakePreview: FakePreview;
  }
}

const parameters = new URLSearchParams(location.search);
const scenario = parameters.get('scenario') ?? '';
const uri = 'file:///project/ratio/spring.ratio.yaml';

const stopped: Failure = {
  code: 'engine-stopped',
  message: { text: 'The engine stopped while it was drawing' },
  advice: { text: 'Try again.' },
};
const restricted: Failure = {
  code: 'no-permission',
  message: { text: 'Restricted Mode: no data file is read' },
  place: { path: 'data/impressions' },
  advice: { text: 'Trust the workspace to preview.' },
};
const problems: SamplerProblem[] = [
  {
    message: { text: 'popularity: exponent must be at most {0}', args: [1] },
    range: { start: { line: 32, character: 18 }, end: { line: 32, character: 21 } },
  },
  {
    message: { text: 'The entry {0} was left out: data.candidates is missing', args: ['hard_rank'] },
    range: { start: { line: 35, character: 6 }, end: { line: 35, character: 15 } },
  },
];

const fakePreviewState: FakePreview = {
  config: freshConfig(),
  saved: freshConfig(),
  steps: [],
  saves: [],
  generated: [],
  failing: scenario === 'failure' || scenario === 'restricted' ? 'preview' : '',
};
window.fakePreview = fakePreviewState;
/** The config at the start of a slider gesture. */
let gesture: FakeConfig | null = null;

const copyOf = (config: FakeConfig): FakeConfig => ({ ...config, shares: { ...config.shares } });
const configOf = (text: ConfigText): FakeConfig =>
  text.uri !== uri
    ? { ...freshConfig(), seed: 'summer', exponent: 0.5 }
    : text.saved === true || text.at === 'opened'
      ? fakePreviewState.saved
      : fakePreviewState.config;

function summaryOf(params: SamplerParams): SamplerSummary {
  const summary = fakeSummary(params.config.uri, configOf(params.config), params);
  if (scenario === 'problems') return { ...summary, problems };
  if (scenario === 'amountless')
    return {
      ...summary,
      plan: summary.plan && { ...summary.plan, amounts: { kind: 'none' }, entries: [] },
      problems: [{ message: { text: 'No negatives are drawn: NaN is not a finite number' }, range: null }],
    };
  if (scenario === 'sequences') return { ...summary, knobs: [...summary.knobs, delayKnob(configOf(params.config))] };
  return scenario === 'unsound' ? { ...summary, plan: null, knobs: [], problems } : summary;
}

const leftOut = { text: '{0} rows without user or item were left out', args: [1204] };

function previewOf(params: PreviewRequests['preview']['params']): PreviewRequests['preview']['result'] {
  const drawn = fakePreview(params.config.uri, configOf(params.config), params);
  const answer =
    scenario === 'passed'
      ? withPassed(drawn)
      : scenario === 'in-batch' && params.stage === 'recall'
        ? withBatches(drawn)
        : scenario === 'sequences'
          ? withSequences(drawn, configOf(params.config), ({ user }) => storyOf({ ...params, user, limit: Infinity }))
          : drawn;
  const notices =
    scenario === 'notices'
      ? [
          leftOut,
          { text: '{0} equal positives fell together', args: [3] },
          { text: 'Clicks count up to {0}', args: ['2026-03-14'] },
        ]
      : [];
  const empty = scenario === 'window' ? { groups: 0, positives: 0 } : {};
  return {
    sampler: scenario === 'in-batch' || scenario === 'passed' ? answer.sampler : summaryOf(params),
    preview: {
      ...answer.preview,
      notices,
      facts: { ...answer.preview.facts, ...empty },
      ...(scenario === 'window'
        ? { users: answer.preview.users.map((user) => ({ ...user, groups: [], groupCount: 0, chosen: 0 })) }
        : {}),
    },
  };
}

/** In the scenario `long`, the user has thousands of marks. */
function storyOf({ user, ...params }: PreviewRequests['story']['params']): UserStory {
  const hasSteps = scenario === 'sequences';
  const asked = { ...params, users: [user], groupLimit: null };
  const drawn = hasSteps ? fakePreview(params.config.uri, configOf(params.config), asked) : previewOf(asked);
  const { users, facts } = drawn.preview;
  const count = scenario === 'long' ? 4000 : hasSteps ? 150 : 60;
  return fakeStory(users[0]?.groups ?? [], facts, count, scenario === 'unknown', hasSteps);
}

const found = ([user, impressions, positiveImpressions]: (typeof fakeUsers)[number]): FoundUser => ({
  user,
  impressions,
  positiveImpressions,
});

function choose(choice: UserChoice, without: readonly string[]): FoundUser[] {
  if (scenario === 'nobody') return [];
  if (choice.kind === 'search') return fakeUsers.filter(([user]) => user.startsWith(choice.text)).map(found);
  const left = fakeUsers.filter(([user]) => !without.includes(user));
  const sorted =
    choice.kind === 'heaviest'
      ? [...left].sort((a, b) => b[1] - a[1])
      : choice.kind === 'coldest'
        ? [...left].sort((a, b) => a[1] - b[1])
        : left;
  return sorted.slice(0, 1).map(found);
}

function begin(): PreviewStart {
  const count = scenario === 'nobody' ? 0 : Number(parameters.get('users') ?? 8);
  const users =
    scenario === 'unknown'
      ? ['99']
      : scenario === 'heavy'
        ? [heavyUser, ...fakeUsers.slice(0, 2).map(([user]) => user)]
        : fakeUsers.slice(0, count).map(([user]) => user);
  const mode = parameters.get('mode');
  return {
    config: { uri },
    stage: 'recall',
    users,
    mode: mode === 'compare' || mode === 'explain' ? mode : 'preview',
    extract: scenario === 'extract' ? { folder: '/project/out/recall.extract', split: 'eval' } : null,
    state: null,
  };
}

const answers: {
  [M in keyof PreviewRequests]: (params: PreviewRequests[M]['params']) => PreviewRequests[M]['result'];
} = {
  start: begin,
  sampler: summaryOf,
  preview: (params) => previewOf(params),
  users: ({ choice, without }) => choose(choice, without),
  items: ({ text }) => foundItems(text),
  story: (params) => storyOf(params),
  explain: ({ user, item }) => explanationOf(user, item),
  compare: ({ a, b, users }) => {
    const [one, two] = [a, b].map((side) => previewOf({ ...side, users, groupLimit: null }));
    if (!one || !two) throw new FailureError(stopped);
    return {
      a: one,
      b: two,
      comparison: fakeComparison(one, two, {
        changes: changesOf(a, b),
        columns: scenario === 'passed' ? fakeColumns : [],
      }),
    };
  },
  setKnobs: ({ values, settle }) => {
    const { config } = fakePreviewState;
    gesture ??= copyOf(config);
    const next = copyOf(config);
    for (const { id, value } of values) {
      if (id === 'perGroup') next.perGroup = value;
      else if (id === 'exponent') next.exponent = value;
      else if (id === 'delay') next.delay = value;
      else next.shares[id.slice('mix.'.length)] = value;
    }
    fakePreviewState.config = next;
    if (settle) {
      fakePreviewState.steps.push(gesture);
      gesture = null;
    }
    fake.send('changed', { uri });
    return true;
  },
  undo: () => {
    fakePreviewState.config = fakePreviewState.steps.pop() ?? fakePreviewState.config;
    fake.send('changed', { uri });
    return null;
  },
  generate: (params) => {
    fakePreviewState.generated.push(params);
    return null;
  },
  pickUsers: ({ without }) =>
    fakeUsers
      .filter(([user]) => !without.includes(user))
      .slice(0, 1)
      .map(found),
  pickUser: () => found(fakeUsers[0] ?? [heavyUser, 0, 0]),
  pickConfig: () => ({ uri: 'file:///project/ratio/summer.ratio.yaml' }),
  reveal: () => null,
  trial: () => null,
  showDiff: () => null,
  copyText: ({ text }) => {
    fake.copied = text;
    return null;
  },
  saveText: ({ name, text }) => {
    fakePreviewState.saves.push({ name, text });
    return true;
  },
  showRule: () => null,
  showLog: () => null,
  restartServer: () => null,
};

function changesOf(a: SamplerParams, b: SamplerParams): { path: string; a: string | null; b: string | null }[] {
  const [one, two] = [configOf(a.config), configOf(b.config)];
  const seeds = [a.seed ?? one.seed, b.seed ?? two.seed];
  const change = (path: string, from: number | string | undefined, to: number | string | undefined) =>
    from === to ? [] : [{ path, a: from === undefined ? null : String(from), b: to === undefined ? null : String(to) }];
  return [
    ...change('seed', seeds[0], seeds[1]),
    ...change('per_positive', one.perGroup, two.perGroup),
    ...change('popularity.exponent', one.exponent, two.exponent),
    ...Object.keys({ ...one.shares, ...two.shares })
      .sort()
      .flatMap((name) => change(`${name}.share`, one.shares[name], two.shares[name])),
  ];
}

function explanationOf(user: string, item: string): PairExplanation {
  const groups = fakeUsers.find(([id]) => id === user)?.[2] ?? 0;
  const never = item === '13';
  const entry = (name: string, logQ: number, expected: number): PairExplanation['entries'][number] => ({
    name,
    source: name,
    membership: never ? null : { groups, smallestLogQ: logQ - 0.02, largestLogQ: logQ },
    refused: { positive: 0, excluded: never ? groups : 2, ineligible: 0, absent: name === 'hard_rank' ? groups : 0 },
    expected: never ? 0 : expected,
    drawnIn: !never && name === 'popularity' ? [{ key: 'k', time: '2026-03-14T00:07:12.004000Z', draw: 2 }] : [],
  });
  return {
    user: { known: groups > 0, groups },
    item:
      item === '0'
        ? null
        : {
            title: '宽窄巷子庭院三居',
            attributes: { city: '成都' },
            percentile: 99.71,
            created: '2025-11-02T08:00:00.000000Z',
            removed: null,
          },
    history: never
      ? [
          { event: 'impressions', times: 4, first: '2026-03-02T10:01:00.000000Z', last: '2026-03-11T22:15:03.120000Z' },
          { event: 'click', times: 1, first: '2026-03-11T22:15:03.120000Z', last: '2026-03-11T22:15:03.120000Z' },
        ]
      : [],
    positiveIn: never ? 1 : 0,
    entries:
      groups === 0
        ? []
        : [
            entry('exposed_unclicked', -4.007, 0),
            entry('global_random', -14.002, 1.5e-5),
            entry('hard_rank', -5.991, 0),
            entry('popularity', -10.894, 0.000_67),
          ],
    expected: groups === 0 || never ? 0 : 0.000_685,
    drawn: groups === 0 || never ? 0 : 1,
    notices: scenario === 'notices' ? [leftOut] : [],
    ...(scenario === 'passed' && !never ? pairRows(user, item) : {}),
    ...(scenario === 'in-batch'
      ? {
          inBatch: {
            order: 'shuffled' as const,
            times: 214,
            positives: 1_864_207,
            groups: 3,
            drawn: 4,
            expected: 4.815,
          },
        }
      : {}),
  };
}

const fake: FakeChannel = fakeChannel(
  (method, params) => {
    if (fakePreviewState.failing === method) {
      fakePreviewState.failing = '';
      throw new FailureError(scenario === 'restricted' ? restricted : stopped);
    }
    return (answers[method as keyof PreviewRequests] as (params: unknown) => unknown)(params);
  },
  () => {},
);
Object.assign(window, { fake });
