import { stageNames } from '../schema/stage.ts';
import type { Finding } from '../policy/finding.ts';
import type { OptionDefinition } from '../policy/options.ts';
import type { Rule, RuleKind } from '../policy/rule.ts';
import { canSuppress } from '../policy/suppression.ts';
import { wrongAndRight } from './fragment.ts';
import { markdownBlock } from '../message/escape.ts';
import { markdownTable } from './markdown.ts';
import { render } from '../message/message.ts';

/** Path of a rule's page in the repository. */
export function rulePagePath(rule: string): string {
  return `docs/rules/${rule}.md`;
}

const kinds: Readonly<Record<RuleKind, string>> = {
  config: 'only the config; runs at every keystroke',
  schema: 'columns and types of the data files; does not read rows',
  data: 'counts over the rows of the data files; runs on save, on demand, and with `recsample lint --facts data`',
};

/**
 * The page of a rule as Markdown, in English like all pages.
 * @param found findings of the rule's wrong example, shown in that example; empty if the facts for it are not available
 */
export function rulePage(rule: Rule, found: readonly Finding[]): string {
  const { id, docs } = rule;
  const { wrong, right } = wrongAndRight(
    docs,
    found.filter((finding) => finding.rule === id),
  );
  return [
    `# ${id}`,
    `${docs.summary}.`,
    markdownTable(['', ''], facts(rule)),
    `## Why\n\n${docs.why}`,
    `## Where this comes from\n\n${docs.source}`,
    ...options(rule),
    `## Wrong\n\n${fenced(wrong)}`,
    `## Right\n\n${fenced(right)}`,
    `## Turning it off\n\n${suppression(rule)}`,
    '',
  ]
    .join('\n\n')
    .replace(/\n{2,}$/, '\n');
}

function facts({ id, severity, stages, kind, supersedes = [] }: Rule): string[][] {
  const names =
    stages === 'document'
      ? 'the whole config'
      : stages.map((stage) => render(stageNames[stage]).toLowerCase()).join(', ');
  return [
    ['severity', severity === 'warning' ? 'warning; error under `strict`' : severity],
    ['applies to', names],
    ['needs', kinds[kind]],
    ...(supersedes.length === 0
      ? []
      : [['replaces findings of', supersedes.map((other) => `[${other}](${linkTo(other, id)})`).join(', ')]]),
  ];
}

/** Relative link from one rule page to another. */
function linkTo(other: string, from: string): string {
  const [group = '', name = ''] = other.split('/');
  return from.startsWith(`${group}/`) ? `${name}.md` : `../${group}/${name}.md`;
}

function options({ options: definitions }: Rule): string[] {
  const rows = Object.entries(definitions).map(([name, option]) => [
    `\`${name}\``,
    `\`${JSON.stringify(option.fallback)}\``,
    allowed(option),
    // A sentence a line: the limit, when it reports, why this default.
    render(option.doc).replaceAll('. ', '.<br>'),
  ]);
  return rows.length === 0 ? [] : [`## Options\n\n${markdownTable(['option', 'default', 'allowed', 'meaning'], rows)}`];
}

function allowed(option: OptionDefinition): string {
  switch (option.kind) {
    case 'number':
      return `${option.min} to ${option.max}`;
    case 'numbers':
      return `${option.length} numbers, ${option.min} to ${option.max}`;
    case 'texts':
      return 'texts';
  }
}

function suppression({ id, severity, options: definitions }: Rule): string {
  const comment = `In one place, with a reason that the next reader understands:\n\n${fenced(`# Agreed with the ranking team until March.\n# recsample-disable-next-line ${id}`)}`;
  const off = `In one config, or in a team's policy file (there, \`extends\` and \`rules\` are top-level keys):\n\n${fenced(`policy:\n  extends: recommended\n  rules:\n    ${id}: off`)}`;
  const [option] = Object.entries(definitions);
  const changed =
    option === undefined
      ? []
      : [
          `To set an option, change the value:\n\n${fenced(`policy:\n  extends: recommended\n  rules:\n    ${id}: [${severity}, {${option[0]}: ${JSON.stringify(option[1].fallback)}}]`)}`,
        ];
  return [...(canSuppress(id) ? [comment] : []), off, ...changed].join('\n\n');
}

function fenced(text: string): string {
  return markdownBlock(text.replace(/\n+$/, ''), 'yaml');
}
