import type { Fix as SarifFix, Log, Notification, Region, ReportingDescriptor, Result } from 'sarif';
import type { Range } from '../config/span.ts';
import type { Fix, RuleStatus, Severity } from '../policy/finding.ts';
import type { Rule } from '../policy/rule.ts';
import { labelText } from '../message/escape.ts';
import { describeFailure } from '../message/failure.ts';
import { findingText } from './findingText.ts';
import { findingsOf, rulesOf, type LintReport, type PlacedFinding } from './lintReport.ts';
import { render, type Message } from '../message/message.ts';
import { rulePage } from './rulePage.ts';

export interface SarifOptions {
  /** Version of RecSample. */
  readonly version: string;
  /** The registry: source of the log's descriptions of the rules that ran. */
  readonly rules: readonly Rule[];
  readonly exitCode: number;
}

const levels = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Readonly<
  Record<Severity, Result['level']>
>;

/** Paths in the log are relative to the root of the sources. The reader of the log decides which folder that is. */
const sourceRoot = '%SRCROOT%';

/**
 * The report as a SARIF 2.1.0 log: one run, the checked rules with their pages, findings with fixes, and notifications
 * for rules that did not run. Positions are 1-based, in UTF-16 units, end columns exclusive (§3.30). Contains nothing
 * about the machine. Never translated.
 */
export function sarifLog(report: LintReport, { version, rules, exitCode }: SarifOptions): string {
  const statuses = rulesOf(report);
  const results = findingsOf(report);
  const names = [...new Set([...statuses, ...results].map(({ rule }) => rule))];
  const rulesById = new Map<string, Rule>(rules.map((rule) => [rule.id, rule]));
  const index = (name: string): number => names.indexOf(name);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'RecSample',
            semanticVersion: version,
            rules: names.map((name) => descriptor(name, rulesById.get(name))),
          },
        },
        columnKind: 'utf16CodeUnits',
        language: 'en-US',
        invocations: [
          {
            executionSuccessful: report.failures.length === 0,
            exitCode,
            toolExecutionNotifications: [
              ...report.failures.map((failure): Notification => ({
                level: 'error',
                message: { text: labelText(describeFailure(failure)) },
              })),
              ...statuses.flatMap((status) => notRun(status, index)),
            ],
          },
        ],
        results: results.map((finding) => resultOf(finding, index)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptor(id: string, rule: Rule | undefined): ReportingDescriptor {
  if (!rule) return { id };
  const { docs, severity, kind } = rule;
  return {
    id,
    shortDescription: { text: `${docs.summary}.` },
    fullDescription: { text: docs.why },
    help: { text: `${docs.summary}.\n\n${docs.why}\n\n${docs.source}`, markdown: rulePage(rule, []) },
    helpUri: ruleUri(id),
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: [...new Set([id.split('/')[0] ?? id, kind])] },
  };
}

/** Address of a rule's page, which the extension serves offline. */
function ruleUri(id: string): string {
  return `recsample-rule:/${id}.md`;
}

function notRun({ rule, status, because }: RuleStatus, index: (name: string) => number): Notification[] {
  if (status !== 'not-run') return [];
  return [
    {
      level: 'note',
      associatedRule: { id: rule, index: index(rule) },
      message: { text: `${rule} did not run${because ? `: ${render(because)}` : ''}` },
    },
  ];
}

/** Viewers turn `[text](address)` in messages into links (§3.11.6); a text of a config must not become one. */
function sarifText(text: Message): string {
  return labelText(render(text));
}

function resultOf(
  { path, rule, severity, message, stage, range, fixes, details }: PlacedFinding,
  index: (name: string) => number,
): Result {
  const artifactLocation = locationOf(path);
  return {
    ruleId: rule,
    ruleIndex: index(rule),
    level: levels[severity],
    message: { text: findingText({ message, details }, sarifText) },
    locations: [
      {
        physicalLocation: { artifactLocation, region: region(range) },
        ...(stage === null
          ? {}
          : { logicalLocations: [{ name: stage, fullyQualifiedName: `stages.${stage}`, kind: 'object' }] }),
      },
    ],
    ...(fixes.length === 0 ? {} : { fixes: fixes.map((fix) => fixOf(fix, artifactLocation)) }),
  };
}

function fixOf({ title, edits }: Fix, artifactLocation: ReturnType<typeof locationOf>): SarifFix {
  return {
    description: { text: render(title) },
    artifactChanges: [
      {
        artifactLocation,
        replacements: edits.map(({ range, text }) => ({ deletedRegion: region(range), insertedContent: { text } })),
      },
    ],
  };
}

function region({ start, end }: Range): Region {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** A relative reference, percent-encoded; a `file:` URI for an absolute path. */
function locationOf(path: string): { readonly uri: string; readonly uriBaseId?: string } {
  const encoded = path
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
  if (path.startsWith('//')) return { uri: `file:${encoded}` };
  if (path.startsWith('/')) return { uri: `file://${encoded}` };
  const drive = /^([A-Za-z]):\//.exec(path);
  if (drive) return { uri: `file:///${drive[1] ?? ''}:${encoded.slice(encoded.indexOf('/'))}` };
  return { uri: encoded, uriBaseId: sourceRoot };
}
