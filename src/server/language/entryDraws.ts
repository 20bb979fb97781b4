import { stageViews, type StageView } from '../../core/config/entries.ts';
import type { ReadConfig } from '../../core/config/read.ts';
import type { EntryPoolFacts, Facts, Question } from '../../core/data/facts.ts';
import { drawnDatasets, isDrawable } from '../../core/policy/drawnStage.ts';
import { message, type Message } from '../../core/message/message.ts';
import { requestedOf } from '../../core/sampling/requested.ts';
import type { Client } from './client.ts';

/** How many negatives an entry is expected to draw in the training window, over all users. */
export interface EntryDraws {
  readonly drawn: number;
  /** Requested negatives, with those that refill adds. */
  readonly requested: number;
  /** Requested negatives before refill, if it adds any; else null. */
  readonly beforeRefill: number | null;
  /** Sizes of its pools; null for lists and for counts that move with the day. */
  readonly pools: EntryPoolFacts | null;
}

/** What the entries of a stage draw, by name, and the users for whom it was drawn. */
export interface StageDraws {
  readonly entries: ReadonlyMap<string, EntryDraws>;
  readonly users: number;
  readonly allUsers: number;
}

/** Significant digits of figures that are scaled from some users to all. */
const DIGITS = 3;

/** The draws of a stage; null if they are not known, or not of the entries that the text has now. */
export function drawsOf(stage: StageView, facts: Facts): StageDraws | null {
  const answer = facts.answer({ kind: 'shortfalls', stage: stage.name });
  if (!answer || !('value' in answer)) return null;
  const { users, allUsers, entries } = answer.value;
  if (users === 0) return null;
  const scaled = (rows: number): number =>
    users === allUsers ? rows : Math.round(Number(((rows * allUsers) / users).toPrecision(DIGITS)));
  return {
    users,
    allUsers,
    entries: new Map(
      entries.map(({ name, asked, refilled = 0, drawn, pools = null }) => [
        name,
        {
          drawn: scaled(drawn),
          requested: scaled(asked),
          beforeRefill: refilled === 0 ? null : scaled(requestedOf({ asked, refilled })),
          pools,
        },
      ]),
    ),
  };
}

/** `≈ 694 of 3,449`: drawn and requested negatives of an entry. */
export function approximately({ drawn, requested }: EntryDraws, client: Client): Message {
  return message('≈ {0} of {1}', client.count(drawn), client.count(requested));
}

/** The questions whose answers `drawsOf` shows: one for each stage with a complete mix and known data. */
export function drawQuestions({ config, document }: ReadConfig, facts: Facts): Question[] {
  const isKnown = drawnDatasets(config).every((name) => facts.dataset(name)?.state === 'known');
  return stageViews(config).flatMap((stage): Question[] =>
    isKnown && isDrawable(stage, document) ? [{ kind: 'shortfalls', stage: stage.name }] : [],
  );
}
