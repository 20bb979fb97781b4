import { message, render, type Message, type Translate } from '../core/message/message.ts';
import { cellWidth, padCells } from '../core/report/cells.ts';
import { globalOptions } from './arguments.ts';
import type { Command, CommandArgument, CommandOption } from './command.ts';

/** Help of `recsample`: its commands and options. */
export function generalHelp(commands: readonly Command[], translate: Translate): string {
  const t = (text: Message): string => render(text, translate);
  return formatSections([
    t(message('Inspects, samples and audits recommender training data.')),
    [t(message('Usage:')), ['recsample COMMAND …', '']],
    [t(message('Commands:')), ...commands.map(({ name, summary }): Entry => [name, t(summary)])],
    [t(message('Options:')), ...optionEntries(globalOptions, t)],
    t(message('“{0}” explains a command.', 'recsample COMMAND --help')),
  ]);
}

/** Help of one command. */
export function commandHelp(command: Command, translate: Translate): string {
  const t = (text: Message): string => render(text, translate);
  const usage = ['recsample', command.name, ...command.arguments.map(argumentUsage), '[OPTIONS]'].join(' ');
  return formatSections([
    t(command.summary),
    [t(message('Usage:')), [usage, '']],
    [t(message('Arguments:')), ...command.arguments.map(({ name, help }): Entry => [name, t(help)])],
    [t(message('Options:')), ...optionEntries({ ...command.options, ...globalOptions }, t)],
    [t(message('Examples:')), ...command.examples.map((example): Entry => [example, ''])],
  ]);
}

function argumentUsage({ name, times }: CommandArgument): string {
  if (times === 'any') return `[${name} …]`;
  return times === 'optional' ? `[${name}]` : name;
}

type Entry = readonly [term: string, explanation: string];
type Section = string | readonly [title: string, ...entries: Entry[]];

function optionEntries(options: Readonly<Record<string, CommandOption>>, t: (text: Message) => string): Entry[] {
  return Object.entries(options).map(([name, { short, placeholder, help }]) => {
    const prefix = short === undefined ? '    ' : `-${short}, `;
    return [`${prefix}--${name}${placeholder === undefined ? '' : ` ${placeholder}`}`, t(help)];
  });
}

/** Joins sections with a blank line and aligns the explanations of all sections in one column. */
function formatSections(list: readonly Section[]): string {
  const terms = list
    .flatMap((section) => (typeof section === 'string' ? [] : (section.slice(1) as Entry[])))
    .filter(([, explanation]) => explanation !== '');
  const width = Math.max(0, ...terms.map(([term]) => cellWidth(term)));
  const blocks = list.map((section) => {
    if (typeof section === 'string') return section;
    const [title, ...entries] = section;
    return [
      title,
      ...entries.map(([term, explanation]) =>
        explanation === '' ? `  ${term}` : `  ${padCells(term, width)}  ${explanation}`,
      ),
    ].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
