import { severities, type Finding, type Severity } from '../policy/finding.ts';
import { message, render, type Message } from '../message/message.ts';
import { printable } from '../message/printable.ts';
import { wrapCells } from './cells.ts';
import type { TextOptions } from './textWriter.ts';
import { severityNames, severityTones } from './severityText.ts';
import { painter } from './paint.ts';

const indent = '  ';

/** A finding as lines: severity, message and rule, then the lines of each detail. */
interface FindingLines {
  readonly head: readonly string[];
  readonly details: readonly (readonly string[])[];
}

/** Findings of one config as lines, the most severe first. */
export function findingLines(
  findings: readonly Finding[],
  { width, colour, translate }: Pick<TextOptions, 'width' | 'colour' | 'translate'>,
): FindingLines[] {
  const paint = painter(colour);
  const text = (m: Message): string => printable(render(m, translate));
  const rank = (severity: Severity): number => severities.indexOf(severity);
  return [...findings]
    .sort((a, b) => rank(a.severity) - rank(b.severity))
    .map(({ severity, message: finding, rule, details }) => {
      const [first = '', ...more] = wrapCells(
        text(message('{0}: {1} ({2})', severityNames[severity], finding, rule)),
        width - indent.length,
      );
      return {
        head: [indent + paint(severityTones[severity], first), ...more.map((line) => indent + line)],
        details: details.map((detail) =>
          wrapCells(text(detail), width - 2 * indent.length).map((line) => indent + indent + paint('faint', line)),
        ),
      };
    });
}
