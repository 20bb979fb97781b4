/**
 * The end of a small config: the clicks of November 2026, up to the 20th, are the positives of recall.
 * @param negatives value of the key `negatives`, in flow style
 */
export function recallStage(negatives: string): string {
  return `events: {click: is_click}
window: {train: {from: 2026-11-01, to: 2026-11-20}}
stages:
  recall:
    unit: positive
    positives: {events: {click: 1}}
    negatives: ${negatives}
`;
}
