import * as v from 'valibot';
import { configText } from './preview.ts';
import { count, list, longText, object, text } from './shapes.ts';

const trialEntries = {
  /** The first is the reference. */
  configs: v.pipe(list(configText), v.minLength(1)),
  stage: v.literal('recall'),
  /** Number of seeds. */
  seeds: count,
  hide: v.picklist(['clicked', 'exposed']),
  /** True: trains on all positives, however many there are. */
  all: v.boolean(),
  /** A column and its value that mark randomly exposed rows. */
  evalWhere: v.nullable(object({ column: text, value: text })),
} as const;
export const trialParams = object(trialEntries);

/** Parameters of the request of the client, with its token for progress. */
export const trialRequest = object({ ...trialEntries, token: v.exactOptional(text) });

const trialConfigs = list(configText);
const hide = v.picklist(['clicked', 'exposed']);

/** State that survives a window reload. Unknown versions are dropped. */
export const trialState = object({ version: v.literal(1), configs: trialConfigs, hide });

/** Parameters of the requests of the trial's webview. */
export const trialRequestParams = {
  start: v.null(),
  run: object({ configs: trialConfigs, hide, all: v.boolean() }),
  /** `configs`: those that the trial has already. */
  pickConfig: object({ configs: trialConfigs }),
  openConfig: object({ config: configText, line: v.nullable(count) }),
  saveReport: v.null(),
  saveText: object({ name: text, text: longText }),
  showLog: v.null(),
} as const;

/** Trial → host. */
export const trialNotifications = {
  /** The configs or options changed. */
  state: trialState,
} as const;
