import { findingText } from './findingText.ts';
import { countsOf, findingsOf, rulesOf, type LintReport } from './lintReport.ts';
import { render } from '../message/message.ts';
import { rulePagePath } from './rulePage.ts';

/**
 * The report as JSON text, one finding and one rule per line; `media/schemas/lint.schema.json` describes it. Positions
 * are 0-based, in UTF-16 units, and ends are exclusive, as in the Language Server Protocol. Never localised.
 */
export function lintJson(report: LintReport): string {
  const findings = findingsOf(report);
  const lines = findings.map(({ rule, severity, message, details, path, stage, range: { start, end } }) =>
    JSON.stringify({
      rule,
      severity,
      message: findingText({ message, details }),
      path,
      stage,
      range: {
        start: { line: start.line, character: start.character },
        end: { line: end.line, character: end.character },
      },
      help: rulePagePath(rule),
    }),
  );
  const rules = rulesOf(report).map(({ rule, status, because }) =>
    JSON.stringify({ rule, status, because: because ? render(because) : null }),
  );
  return [
    '{',
    `  "findings": ${list(lines)},`,
    `  "counts": ${JSON.stringify(countsOf(findings))},`,
    `  "rules": ${list(rules)}`,
    '}',
    '',
  ].join('\n');
}

function list(lines: readonly string[]): string {
  return lines.length === 0 ? '[]' : `[\n${lines.map((line) => `    ${line}`).join(',\n')}\n  ]`;
}
