import { outcomeColumn, outcomeName } from '../../../config/outcomeNames.ts';
import { message } from '../../../message/message.ts';
import { changed } from '../../examples/example.ts';
import { defineRule, type Report } from '../../rule.ts';
import { undeclaredEvent } from '../../undeclaredEvent.ts';

export const written = (events: string): readonly [string, string] => [
  'output: {layout: long,',
  `output: {layout: long, events: ${events},`,
];

export const outputEvents = defineRule({
  id: 'config/output-events',
  kind: 'config',
  severity: 'error',
  stages: 'document',
  options: {},
  *check(context): Iterable<Report> {
    const { config } = context;
    const events = new Set<string>();
    for (const [index, entry] of (config.output?.events ?? []).entries()) {
      const name = outcomeName(entry);
      if (name === undefined) continue;
      const at = ['output', 'events', index, ...(typeof entry === 'string' ? [] : ['event'])];
      const column = outcomeColumn(name);
      const isTaken = events.has(column.toLowerCase());
      events.add(column.toLowerCase());
      if (isTaken) yield { at, message: message('The file would have two columns with the name {0}', column) };
      else {
        const unknown = undeclaredEvent(name, at, context);
        if (unknown) yield unknown;
      }
    }
  },
  docs: {
    summary: 'An event of `output.events` is not declared, or is listed twice',
    why: `\`output.events\` adds a column for each event: \`label_click\` for \`click\`. The event must be declared
under \`events\`.

Engines and trainers read columns by name, and many of them ignore case. So each event may be listed once.`,
    source: 'The columns of sample files (docs/samples.md).',
    wrong: {
      text: changed('recall', written('[click, long_plai]')),
      reportedAt: 'long_plai',
      after: 'events: [click, ',
    },
    right: { text: changed('recall', written('[click, long_play]')) },
  },
});
