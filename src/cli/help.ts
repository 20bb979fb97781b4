import { message, render, type Translate } from '../core/message/message.ts';
import { cellWidth, padCells } from '../core/report/cells.ts';
import { globalOptions } from './arguments.ts';
import type { Command, CommandOption } from './command.ts';

/** Help of `recsample`: its commands and options. */
export function generalHelp(commands: readonly Command[], translate: Translate): string {
  const t = (m: Parameters<typeof render>[0]): string => render(m, translate);
  return sections([
    t(message('Inspects, samples and audits recommender training data.')),
    [t(message('Usage:')), ['recsample COMMAND …', '']],
    [t(message('Commands:')), ...commands.map((c): Entry => [c.name, t(c.summary)])],
    [t(message('Options:')), ...optionEntries(globalOptions, t)],
    t(message('“{0}” explains a command.', 'recsample COMMAND --help')),
  ]);
}

/** Help of one command. */
export function commandHelp(command: Command, translate: Translate): string {
  const t = (m: Parameters<typeof render>[0]): string => render(m, translate);
  const words = [
    'recsample',
    command.name,
    ...command.arguments.map(({ name, times }) =>
      times === 'any' ? `[${name} …]` : times === 'optional' ? `[${name}]` : name,
    ),
    '[OPTIONS]',
  ];
  return sections([
    t(command.summary),
    [t(message('Usage:')), [words.join(' '), '']],
    [t(message('Arguments:')), ...command.arguments.map((a): Entry => [a.name, t(a.help)])],
    [t(message('Options:')), ...optionEntries({ ...command.options, ...globalOptions }, t)],
    [t(message('Examples:')), ...command.examples.map((e): Entry => [e, ''])],
  ]);
}

type Entry = readonly [term: string, explanation: string];
type Section = string | readonly [title: string, ...entries: Entry[]];

function optionEntries(
  options: Readonly<Record<string, CommandOption>>,
  t: (m: CommandOption['help']) => string,
): Entry[] {
  return Object.entries(options).map(([name, o]) => [
    `${o.short === undefined ? '    ' : `-${o.short}, `}--${name}${o.placeholder === undefined ? '' : ` ${o.placeholder}`}`,
    t(o.help),
  ]);
}

/** Joins sections with a blank line and aligns the explanations of all sections in one column. */
function sections(list: readonly Section[]): string {
  const terms = list
    .flatMap((s) => (typeof s === 'string' ? [] : (s.slice(1) as Entry[])))
    .filter(([, explanation]) => explanation !== '');
  const width = Math.max(0, ...terms.map(([term]) => cellWidth(term)));
  const blocks = list.map((s) => {
    if (typeof s === 'string') return s;
    const [title, ...entries] = s;
    return [
      title,
      ...entries.map(([term, explanation]) =>
        explanation === '' ? `  ${term}` : `  ${padCells(term, width)}  ${explanation}`,
      ),
    ].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
