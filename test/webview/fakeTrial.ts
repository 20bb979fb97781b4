// Stands for the extension host in the page of the trial: a made report, or a failure.
import { FailureError, type Failure } from '../../src/core/message/failure.ts';
import type { ConfigText } from '../../src/protocol/preview.ts';
import type { TrialReport } from '../../src/core/trial/report.ts';
import type { TrialRequests } from '../../src/protocol/trial.ts';
import { hostileTrial, madeTrial } from '../madeTrial.ts';
import { fakeChannel, type FakeChannel } from './fakeChannel.ts';

const parameters = new URLSearchParams(location.search);
const scenario = parameters.get('scenario') ?? '';
const config = (name: string): ConfigText => ({ uri: `file:///project/ratio/${name}.ratio.yaml` });
const names = [
  'spring',
  'summer',
  'cold-start',
  'no-logq',
  'uniform-only',
  'popularity-0.5',
  'in-batch',
  'very-long-name-of-a-config-of-a-team',
];

const refused: Failure = {
  code: 'unsupported',
  message: { text: 'A trial needs window.eval' },
  place: { path: 'ratio/spring.ratio.yaml', line: 12 },
  advice: { text: 'Add window.eval, or choose a config that has it.' },
};

function report({ configs }: TrialRequests['run']['params']): TrialReport {
  if (scenario === 'refused') throw new FailureError(refused);
  if (scenario === 'hostile') return hostileTrial();
  if (scenario === 'repeated') return madeTrial({ popularityNdcg: 0.0389 });
  return madeTrial({ names: names.slice(0, configs.length) });
}

const answers: { [M in keyof TrialRequests]: (params: TrialRequests[M]['params']) => TrialRequests[M]['result'] } = {
  start: () => ({
    configs: names.slice(0, scenario === 'empty' ? 1 : Number(parameters.get('configs') ?? 3)).map(config),
    options: { hide: 'clicked', seeds: 5, evalWhere: null },
    runs: scenario !== 'moved',
    reported: scenario === 'moved' ? { report: madeTrial({ names: names.slice(0, 3) }), isStale: false } : null,
  }),
  run: report,
  pickConfig: ({ configs }) => config(names[configs.length] ?? 'other'),
  openConfig: () => null,
  saveReport: () => {
    if (scenario === 'unwritable') throw new FailureError({ code: 'disk-full', message: { text: 'The disk is full' } });
    return true;
  },
  saveText: () => true,
  showLog: () => null,
};

const fake: FakeChannel = fakeChannel(
  (method, params) => (answers[method as keyof TrialRequests] as (params: unknown) => unknown)(params),
  () => {},
);
Object.assign(window, { fake });
