import type { LockedDataset } from '../sampling/lock/sampleLock.ts';
import type { RunCount } from '../sampling/lock/run.ts';
import type { RunDiff } from '../sampling/lock/diffRuns.ts';
import { message, type Message } from '../message/message.ts';

/** Names of the facts in a lock file, for people. */
export const factNames: Readonly<Record<RunDiff['facts'][number]['name'], Message>> = {
  stage: message('stage'),
  unit: message('unit'),
  split: message('split'),
  seed: message('seed'),
  epoch: message('epoch'),
  users: message('users'),
  layout: message('layout'),
  columns: message('columns'),
  known_until: message('outcomes known until'),
  partition: message('partition'),
  digest: message('digest of the rows'),
  order: message('order'),
  shards: message('shards'),
  format: message('format'),
  config: message('text of the config'),
  plan: message('plan'),
};

/** The name of a data set for people. Several tables of events have their own names. */
export function dataName(name: LockedDataset): Message {
  const known: Readonly<Record<string, Message>> = dataNames;
  return known[name] ?? message('{0}', name);
}

const dataNames: Readonly<Record<Exclude<LockedDataset, `clicks.${string}`>, Message>> = {
  impressions: message('impressions'),
  clicks: message('clicks'),
  items: message('items'),
  users: message('attributes of users'),
  candidates: message('candidates'),
  rejections: message('rejections'),
};

export const countNames: Readonly<Record<RunCount, Message>> = {
  rows: message('rows'),
  users: message('users'),
  groups: message('groups'),
  positives: message('positives'),
  negatives: message('negatives'),
  unreached: message('rows without log_q_mix'),
};
