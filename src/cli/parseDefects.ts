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
export function parseDefects(text: string): readonly WantedDefect[] {
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
    wanted.set(defect, given === undefined ? usualStrength(defect) : parseStrength(defect, given));
  }
  return [...wanted].map(([defect, strength]) => ({ defect, strength }));
}

function parseStrength(defect: Defect, given: string): number {
  const { name, unit, strengths, most = unit === 'share' ? 1 : Infinity } = defect;
  const { step = unit === 'rows' || unit === 'days' ? 1 : null } = defect;
  const strength = /^\d+(\.\d+)?(e-?\d+)?$/i.test(given) ? Number(given) : NaN;
  const steps = step === null ? 0 : strength / step;
  const isMultiple = Math.abs(steps - Math.round(steps)) < 1e-9;
  if (strength > (unit === 'times' ? 1 : 0) && strength <= most && isMultiple) return strength;
  throw usageError(
    message('{0} is not a strength of the defect {1}', given, name),
    message('Examples: {0}.', strengths.map((one) => `${name}=${one}`).join(', ')),
  );
}
