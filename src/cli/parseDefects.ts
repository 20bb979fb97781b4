import type { Defect } from '../../examples/demo/defects/defect.ts';
import { defects, usualStrength } from '../../examples/demo/defects/defects.ts';
import { message } from '../core/message/message.ts';
import { nearest, usageError } from './usage.ts';

const help = 'recsample demo --help';
const allDefects = 'all';

export interface WantedDefect {
  readonly defect: Defect;
  readonly strength: number;
}

/** Parses `--defects`: `all`, or a list of names with optional strengths, such as `mix,false-negative=0.02`. */
export function parseDefects(text: string): readonly WantedDefect[] {
  if (text === allDefects) return defects.map((defect) => ({ defect, strength: usualStrength(defect) }));
  const strengths = new Map<Defect, number>();
  for (const item of text.split(',')) {
    const [, name = item, strengthText] = /^([^=]*)=(.*)$/.exec(item.trim()) ?? [undefined, item.trim()];
    const defect = defects.find((candidate) => candidate.name === name);
    if (defect === undefined)
      throw usageError(
        message('There is no defect {0}', name),
        nearest(
          name,
          defects.map((candidate) => candidate.name),
          help,
        ),
      );
    strengths.set(defect, strengthText === undefined ? usualStrength(defect) : parseStrength(defect, strengthText));
  }
  return [...strengths].map(([defect, strength]) => ({ defect, strength }));
}

function parseStrength(defect: Defect, text: string): number {
  const { name, unit, strengths, most: max = unit === 'share' ? 1 : Infinity } = defect;
  const { step = unit === 'rows' || unit === 'days' ? 1 : null } = defect;
  const strength = /^\d+(\.\d+)?(e-?\d+)?$/i.test(text) ? Number(text) : NaN;
  const steps = step === null ? 0 : strength / step;
  const isMultiple = Math.abs(steps - Math.round(steps)) < 1e-9;
  if (strength > (unit === 'times' ? 1 : 0) && strength <= max && isMultiple) return strength;
  throw usageError(
    message('{0} is not a strength of the defect {1}', text, name),
    message('Examples: {0}.', strengths.map((example) => `${name}=${example}`).join(', ')),
  );
}
