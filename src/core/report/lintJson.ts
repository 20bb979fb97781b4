import { described, documentText, lines, record } from '../json/codec.ts';
import { placedFinding, placedOf, ruleRun, runOf, severityCounts } from './findingJson.ts';
import { countsOf, findingsOf, rulesOf, type LintReport } from './lintReport.ts';

/** The output of `recsample lint --format json`. */
export const lintOutput = record(
  {
    findings: described(
      lines(placedFinding),
      'By config, in the order of their paths; of one config, in the order of its text.',
    ),
    counts: severityCounts,
    rules: described(
      lines(ruleRun),
      'Every rule that had something to check, once for all configs. Rules that are off are missing.',
    ),
  },
  'block',
);

/**
 * The report as JSON text, never translated. Positions as in the Language Server Protocol: 0-based, UTF-16, end
 * exclusive.
 */
export function lintJson(report: LintReport): string {
  const findings = findingsOf(report);
  return documentText(lintOutput, {
    findings: findings.map((finding) => placedOf(finding, finding)),
    counts: countsOf(findings),
    rules: rulesOf(report).map(runOf),
  });
}
