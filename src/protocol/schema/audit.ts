import * as v from 'valibot';
import { starterDatasets } from '../../core/config/starterData.ts';
import { configText } from './preview.ts';
import { auditRolesByColumn, list, object, rolesByColumn, stage, text } from './shapes.ts';

/** What the user chooses in the inspector. */
const auditChoices = {
  /** Roles of columns that the user corrected; null: no role. */
  set: auditRolesByColumn,
  /** True: measure again although no file changed. */
  isFresh: v.boolean(),
} as const;
export const inspectorAudit = object(auditChoices);

const auditEntries = {
  /** Absolute path of the sample file or folder. */
  path: text,
  /** A config that names this file as the sample file of a stage. */
  of: v.nullable(object({ config: configText, stage })),
  ...auditChoices,
  /** Roles that the user set in the inspector, and that configs declare, by column name. */
  stored: v.exactOptional(auditRolesByColumn),
  declared: v.exactOptional(auditRolesByColumn),
} as const;
export const auditParams = object(auditEntries);

/** Parameters of the request of the client, with its token for progress. */
export const auditRequest = object({ ...auditEntries, token: v.exactOptional(text) });

const recordedEntries = {
  /** Absolute path of a sample file, of a folder of samples, or of a file in one. */
  path: text,
} as const;
export const recordedParams = object(recordedEntries);
export const recordedRequest = object({ ...recordedEntries, token: v.exactOptional(text) });

/** Absolute paths of the data sets of a new config. */
const newConfigData = object({
  impressions: v.exactOptional(text),
  items: v.exactOptional(text),
  users: v.exactOptional(text),
  candidates: v.exactOptional(text),
  rejections: v.exactOptional(text),
});

const inferEntries = {
  /** Absolute path of the sample file or folder. */
  path: text,
  data: newConfigData,
  /** Absolute path of the config to be written. */
  target: text,
} as const;
export const inferParams = object(inferEntries);
export const inferRequest = object({ ...inferEntries, token: v.exactOptional(text) });

const starterEntries = {
  stages: list(stage),
  data: newConfigData,
  /** Roles that the user or a config gives to columns, by the entry of `data`. */
  set: v.record(v.picklist(starterDatasets), rolesByColumn),
  /** Absolute path of the config to be written. */
  target: text,
} as const;
export const starterParams = object(starterEntries);
export const starterRequest = object({ ...starterEntries, token: v.exactOptional(text) });
