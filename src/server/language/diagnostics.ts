import { DiagnosticSeverity, DiagnosticTag, type Diagnostic } from 'vscode-languageserver/node';
import type { Finding, Severity } from '../../core/policy/finding.ts';
import { findingText } from '../../core/report/findingText.ts';
import type { Client } from './client.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** Converts a finding to an LSP diagnostic. */
export function diagnosticOf(finding: Finding, client: Client): Diagnostic {
  const href = client.rulePage(finding.rule);
  return {
    range: finding.range,
    severity: severities[finding.severity],
    code: finding.rule,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    source: 'RecSample',
    message: findingText(finding, (text) => client.text(text)),
    ...(finding.unnecessary ? { tags: [DiagnosticTag.Unnecessary] } : {}),
  };
}
