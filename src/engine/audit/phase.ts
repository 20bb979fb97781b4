import type { Measured } from '../../core/audit/metric.ts';
import { message, type Message } from '../../core/message/message.ts';
import type { Work } from '../database/connections.ts';
import type { AuditWorld } from './auditWorld.ts';

/**
 * A part of the audit that reads the rows once, or as few times as possible, and feeds several metrics. One file in
 * `phases/`, one line in `phases.ts`.
 */
export interface Phase {
  /** What it does, for the progress. */
  readonly label: Message;
  /** Ids of the metrics that it feeds. */
  readonly metrics: readonly string[];
  /** Whether its metrics tell the entries of the mix apart; if these are inferred, they say so. */
  readonly usesEntries?: true;
  /** False if it is measured only for the whole sample, not for each value of `--by`. Default: true. */
  readonly ofParts?: false;
  /** False if the user has not asked for its metrics; they are then left out. Default: true. */
  isAsked?(world: AuditWorld): boolean;
  /** What the sample must have. */
  readonly needs?: readonly PhaseNeed[];
  /** Any other reason why it cannot run on this sample; null if it can. */
  missingReason?(world: AuditWorld): Message | null;
  /** Figures that are ready early. The results of `run` replace them. */
  begin?(world: AuditWorld, work: Work): Promise<PhaseResults>;
  /** Results by id of the metric. A metric may have a reason of its own why it was not measured. */
  run(world: AuditWorld, work: Work): Promise<PhaseResults>;
}

/** What phases need of a sample, with the reason to report if it is missing. */
const phaseNeeds = {
  label: message('there is no label column'),
  user: message('there is no user column'),
  time: message('there is no time column'),
  teacher: message('there is no column with values of a teacher'),
  logq_correction: message('there is no column {0}', 'logq_correction'),
  entry: message('there is no column with the source or the entry of the negatives'),
  groups: message('the columns do not identify groups'),
};
type PhaseNeed = keyof typeof phaseNeeds;

/** Why a phase cannot run on this sample; null if it can. */
export function missingReasonOf(phase: Phase, world: AuditWorld): Message | null {
  const { sample } = world;
  const missing = phase.needs?.find((need) => {
    if (need === 'entry') return sample.entryColumn() === null;
    return need === 'groups' ? sample.groupKey() === null : !sample.has(need);
  });
  return missing === undefined ? (phase.missingReason?.(world) ?? null) : phaseNeeds[missing];
}

export type PhaseResults = Readonly<Record<string, Measured | { readonly because: Message }>>;
