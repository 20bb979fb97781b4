import { namesRead, type Script, type Step } from './script.ts';

/**
 * The steps that must have ended before a step begins, by the name of the step: those that it reads, and those that may
 * end the job before something is written. Steps that do not need each other can run at the same time. What a needed
 * step needs is not named again.
 */
export function stepNeeds({ sections }: Pick<Script, 'sections'>): ReadonlyMap<string, readonly string[]> {
  const steps = sections.flatMap((section) => section.steps);
  const names = new Set(steps.map(({ name }) => name));
  const needs = new Map<string, readonly string[]>();
  /** All steps that must have ended, by the name of a step. */
  const before = new Map<string, ReadonlySet<string>>();
  steps.forEach((step, k) => {
    const earlier = steps.slice(0, k);
    const wanted = [...directNeeds(step, earlier)].filter((name) => names.has(name) && name !== step.name);
    const implied = new Set(wanted.flatMap((name) => [...(before.get(name) ?? [])]));
    needs.set(
      step.name,
      wanted.filter((name) => !implied.has(name)),
    );
    before.set(step.name, new Set([...wanted, ...implied]));
  });
  return needs;
}

function directNeeds(step: Step, earlier: readonly Step[]): ReadonlySet<string> {
  const namesOf = (isNeeded: (one: Step) => boolean): string[] => earlier.filter(isNeeded).map(({ name }) => name);
  const found = new Set([...namesRead(step), ...namesOf(isBarrier)]);
  const add = (isNeeded: (one: Step) => boolean): void => namesOf(isNeeded).forEach((name) => found.add(name));
  if (isBarrier(step)) add(() => true);
  switch (step.kind) {
    case 'declared':
      add(({ kind }) => kind === 'declared');
      break;
    case 'input':
      // Files and columns are checked while other steps run: only the result waits for them, and the error is still
      // that of the check. Inputs wait for the types of tables, so a job with tables draws nothing before.
      add((one) => one.kind === 'declared' && one.subject === 'types');
      break;
    case 'output':
    case 'extract':
      add(({ kind }) => kind === 'check' || kind === 'declared');
      break;
    case 'counts':
    case 'view':
    case 'table':
    case 'check':
  }
  return found;
}

/** True for a step that marks completion: all earlier steps must have ended, and all later ones wait for it. */
function isBarrier(step: Step): boolean {
  return step.kind === 'counts' || (step.kind === 'extract' && step.format === 'json');
}
