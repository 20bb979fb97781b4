import * as v from 'valibot';
import { configText } from './preview.ts';
import { count, list, object, text } from './shapes.ts';

const trialEntries = {
  /** The first is the reference. */
  configs: list(configText),
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
