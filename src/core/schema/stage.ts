import { message, type Message } from '../message/message.ts';

/** The stages of a funnel, in order. */
export const stages = ['recall', 'coarse_ranking', 'fine_ranking'] as const;
export type Stage = (typeof stages)[number];

/** Compares two stages for a list in the order of the funnel. */
export function byFunnel(a: Stage, b: Stage): number {
  return stages.indexOf(a) - stages.indexOf(b);
}

export const stageNames: Readonly<Record<Stage, Message>> = {
  recall: message('Recall'),
  coarse_ranking: message('Coarse ranking'),
  fine_ranking: message('Fine ranking'),
};
