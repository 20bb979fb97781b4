import type { Outcome, Step } from './case.ts';

/** Texts that no user may see: internals of libraries, and bugs of RecSample. */
const leaks =
  /INTERNAL|(?:Binder|Catalog|Parser|Conversion|Invalid Input|Invalid|IO|Out of Range|Not implemented|Fatal|Serialization|Constraint) Error|\[object \w+\]|\bundefined\b|\n\s+at \S+ \(|(?:Type|Reference|Range|Syntax)Error|Cannot read propert|is not a function|is not iterable|Assertion|SIG[A-Z]{3}/;

/** The problem with the outcome of a step; null if there is none. */
export function judge(step: Step, outcome: Outcome): string | null {
  if (outcome.kind === 'answer') return null;
  if (outcome.kind === 'failure') {
    if (step.kind !== 'cli' && step.garbage === true) return null;
    if (outcome.code === 'internal' || outcome.code.startsWith('json-rpc'))
      return `an internal failure: ${outcome.code} ${outcome.text}`;
    const leak = leaks.exec(outcome.text);
    return leak ? `a failure says "${leak[0].trim()}": ${outcome.text}` : null;
  }
  return step.kind === 'cli' ? judgeCommand(step, outcome) : 'an outcome of another kind';
}

function judgeCommand(
  step: Extract<Step, { kind: 'cli' }>,
  { code, out, err, internal }: Extract<Outcome, { kind: 'cli' }>,
): string | null {
  const said = `exit code ${code}: ${err.trim().slice(0, 2000)}`;
  if (internal.length > 0) return `an internal failure: ${internal.join('; ').slice(0, 2000)}`;
  const leak = leaks.exec(err) ?? leaks.exec(out);
  if (leak) return `the output says "${leak[0].trim()}": ${said}`;
  if (code === 1) return step.findings === true && out !== '' ? null : `findings without any: ${said}`;
  if (code === 2 && step.accepted !== true) return judgeRefusal(step, err, said);
  if (code !== 0) return said;
  if (step.args.includes('json')) {
    const digest = digestOf(out);
    if (digest === null) return 'the output is not JSON';
    if (step.digest !== undefined && digest !== step.digest)
      return `accepted with another digest: ${digest}, not ${step.digest}`;
  }
  return null;
}

function judgeRefusal(step: Extract<Step, { kind: 'cli' }>, err: string, said: string): string | null {
  const lines = err.split('\n').filter((line) => line !== '');
  if (lines.length === 0) return 'refused without a word';
  if (!lines.every((line) => line.startsWith('recsample: '))) return `a failure is not one line: ${said}`;
  return step.names === undefined || err.includes(step.names)
    ? null
    : `the failure does not name ${step.names}: ${said}`;
}

/**
 * How the shipped form differs from the source; null if it does not. The source runs with 512 MB, the shipped form with
 * the memory of a user, so it may accept what the source refuses for lack of memory.
 */
export function judgeShipped(
  { code, outOfMemory }: Extract<Outcome, { kind: 'cli' }>,
  shipped: { readonly code: number | null; readonly err: string },
): string | null {
  if (shipped.code === code || (outOfMemory && shipped.code === 0)) return null;
  return `exit code ${String(shipped.code)} as it ships, ${code} from its source: ${shipped.err}`;
}

/** The digest in the output; empty if there is none, null if the output is not JSON. */
export function digestOf(out: string): string | null {
  try {
    const { digest } = JSON.parse(out) as { readonly digest?: { readonly value?: string } | null };
    return digest?.value ?? '';
  } catch {
    return null;
  }
}
