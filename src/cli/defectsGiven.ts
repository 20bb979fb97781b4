import type { Defect } from '../../examples/demo/defects/defect.ts';
import { defects, usualStrength } from '../../examples/demo/defects/defects.ts';
import { message } from '../core/message/message.ts';
import { nearest, usageError } from './usage.ts';

const help = 'recsample demo --help';
const every = 'all';

export interface WantedDefect {
  readonly defect: Defect;
  readonly strength: number;
}

/** `--defects all`, or a list such as `mix,false-negative=0.02`. */
export function defectsGiven(text: string): readonly WantedDefect[] {
  if (text === every) return defects.map((defect) => ({ defect, strength: usualStrength(defect) }));
  const wanted = new Map<Defect, number>();
  for (const part of text.split(',')) {
    const [, name = part, given] = /^([^=]*)=(.*)$/.exec(part.trim()) ?? [undefined, part.trim()];
    const defect = defects.find((one) => one.name === name);
    if (defect === undefined)
      throw usageError(
        message('There is no defect {0}', name),
        nearest(
          name,
          defects.map((one) => one.name),
          help,
        ),
      );
    wanted.set(defect, given === undefined ? usualStrength(defect) : strengthGiven(defect, given));
  }
  return [...wanted].map(([defect, strength]) => ({ defect, strength }));
}

function strengthGiven({ name, unit, strengths }: Defect, given: string): number {
  const strength = /^\d+(\.\d+)?(e-?\d+)?$/i.test(given) ? Number(given) : NaN;
  const isWhole = unit === 'rows' || unit === 'days';
  const most = unit === 'share' ? 1 : unit === 'difference' || unit === 'days' ? Math.max(...strengths) : Infinity;
  if (strength > 0 && strength <= most && (!isWhole || Number.isInteger(strength))) return strength;
  throw usageError(
    isWhole
      ? message('The strength of {0} must be a whole number, not {1}', name, given)
      : message('The strength of {0} must be a number, not {1}', name, given),
    message('Examples: {0}.', strengths.map((one) => `${name}=${one}`).join(', ')),
  );
}
