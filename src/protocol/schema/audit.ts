import * as v from 'valibot';
import { configText } from './preview.ts';
import { object, stage, text } from './shapes.ts';

const auditEntries = {
  /** Absolute path of the sample file or folder. */
  path: text,
  /** A config that names this file as the sample file of a stage. */
  of: v.nullable(object({ config: configText, stage })),
} as const;
export const auditParams = object(auditEntries);

/** Parameters of the request of the client, with its token for progress. */
export const auditRequest = object({ ...auditEntries, token: v.exactOptional(text) });
