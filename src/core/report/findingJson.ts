import { count, defined, described, nullable, oneOf, record, scalar, text, type ValueOf } from '../json/codec.ts';
import { render } from '../message/message.ts';
import { severities, type Finding, type RuleStatus } from '../policy/finding.ts';
import { ruleGroups } from '../policy/ruleId.ts';
import { stages } from '../schema/stage.ts';
import { findingText } from './findingText.ts';
import { rulePagePath } from './rulePage.ts';

const ruleId = defined(
  'ruleId',
  scalar({ type: 'string', pattern: `^(${ruleGroups.join('|')})/[a-z0-9-]+$` }, (json) => json.text()),
);
const position = defined(
  'position',
  record({
    line: described(count, 'From 0.'),
    character: described(count, 'From 0, in UTF-16 units; a byte order mark does not count.'),
  }),
);

const brief = {
  rule: ruleId,
  severity: oneOf(...severities),
  message: described(
    text,
    'English, in any locale. The first line says what was found; reasons, advice and numbers are on lines below it.',
  ),
};
/** A finding without its place. */
export const briefFinding = record(brief);

/** A finding at its place in a config. */
export const placedFinding = defined(
  'finding',
  record({
    ...brief,
    path: described(
      nullable(text),
      'With forward slashes; relative to the working folder if the file is below it, else absolute. Null without a config.',
    ),
    stage: described(nullable(oneOf(...stages)), 'Null if it is about the whole config.'),
    range: record({ start: position, end: described(position, 'Exclusive.') }),
    help: described(text, 'The page of the rule, by its path in the repository and in the extension.'),
  }),
);

export const ruleRun = defined(
  'rule',
  record({
    rule: ruleId,
    status: described(
      oneOf('passed', 'found', 'not-run'),
      'found: in some config; else not-run: it lacked data in some config; else passed.',
    ),
    because: described(nullable(text), 'Why it did not run, or why it has no findings although it ran.'),
  }),
);

export const severityCounts = record({ error: count, warning: count, info: count });

export function briefOf({ rule, severity, message, details }: Finding): ValueOf<typeof briefFinding> {
  return { rule, severity, message: findingText({ message, details }) };
}

export function placedOf(
  finding: Finding,
  { path, stage }: Pick<ValueOf<typeof placedFinding>, 'path' | 'stage'>,
): ValueOf<typeof placedFinding> {
  return { ...briefOf(finding), path, stage, range: finding.range, help: rulePagePath(finding.rule) };
}

export function runOf({ rule, status, because }: RuleStatus): ValueOf<typeof ruleRun> {
  return { rule, status, because: because ? render(because) : null };
}
