import {
  CodeActionKind,
  type CodeAction,
  type CodeActionParams,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { disableFix } from '../../core/policy/disableFix.ts';
import type { Edit, Finding, Fix } from '../../core/policy/finding.ts';
import { fileMissing } from '../../core/policy/rules/schema/fileMissing.ts';
import { safeEdits } from '../../core/policy/safeEdits.ts';
import { message } from '../../core/message/message.ts';
import { languageCommands } from '../../protocol/language.ts';
import type { Client } from './client.ts';
import { diagnosticOf } from './diagnostics.ts';
import type { Snapshot } from './snapshot.ts';
import type { ConfigDocument } from '../../core/config/document.ts';
import { insertPair, setValue } from '../../core/config/edits.ts';
import type { TextChange } from '../../core/config/problem.ts';
import { pairOf, valueOf } from '../../core/config/tree.ts';
import { written } from '../../core/config/written.ts';
import { editsOf } from '../../core/policy/report.ts';

/** The kind that *Fix All* and fix-on-save request. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.recsample`;

/**
 * Code actions for the findings at a place: fix, suppress, open the rule page. Also one action that applies all safe
 * fixes.
 */
export function codeActions(
  snapshot: Snapshot,
  client: Client,
  { range, context }: Pick<CodeActionParams, 'range' | 'context'>,
): CodeAction[] {
  const isRequested = (kind: string): boolean =>
    context.only?.some((requested) => kind === requested || kind.startsWith(`${requested}.`)) ?? true;
  const actions: CodeAction[] = [];
  const { findings } = snapshot;
  const findingsInRange = findings.filter((finding) => touches(finding.range, range));
  if (isRequested(CodeActionKind.QuickFix)) {
    for (const finding of findings) actions.push(...fixes(finding, range, snapshot, client));
    if (client.has(languageCommands.chooseFiles))
      for (const finding of findingsInRange)
        if (finding.rule === fileMissing.id) actions.push(choose(finding, snapshot, client));
    for (const finding of onePerRule(findingsInRange)) actions.push(...suppressions(finding, snapshot, client));
    if (client.has(languageCommands.openRulePage))
      for (const { rule } of onePerRule(findingsInRange)) actions.push(openPage(rule, client));
  }
  if (isRequested(fixAllKind)) {
    const edits = safeEdits(findings);
    // Offered unrequested only if it does more than the quick fix at this place.
    if (edits.fixes > (context.only ? 0 : 1))
      actions.push({
        title: client.label(message('Apply all safe fixes')),
        kind: fixAllKind,
        edit: workspaceEdit(edits.edits, snapshot, client),
      });
  }
  return actions;
}

/**
 * Fixes of a finding at its own place and at its related places. At a related place, the fix for that place comes
 * first.
 */
function fixesAt({ range, fixes: ownFixes, elsewhere }: Finding, cursor: Range): Fix[] {
  if (touches(range, cursor)) return [...ownFixes, ...elsewhere.flatMap(({ fix }) => fix ?? [])];
  const places = elsewhere.filter((place) => touches(place.range, cursor));
  return places.length === 0 ? [] : [...places.flatMap(({ fix }) => fix ?? []), ...ownFixes];
}

function fixes(finding: Finding, cursor: Range, snapshot: Snapshot, client: Client): CodeAction[] {
  return fixesAt(finding, cursor).map((fix, k) => ({
    title: client.label(fix.title),
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnosticOf(finding, client)],
    isPreferred: k === 0,
    edit: workspaceEdit(fix.edits, snapshot, client),
  }));
}

function choose(finding: Finding, { address: { uri } }: Snapshot, client: Client): CodeAction {
  const title = client.label(message('Choose files…'));
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnosticOf(finding, client)],
    command: { title, command: languageCommands.chooseFiles, arguments: [uri, finding.range] },
  };
}

function suppressions(finding: Finding, snapshot: Snapshot, client: Client): CodeAction[] {
  const { document } = snapshot.read;
  const diagnostics = [diagnosticOf(finding, client)];
  const offered = [disableFix(document, finding), disableInFile(document, finding.rule)];
  return offered.flatMap((fix) =>
    fix
      ? [
          {
            title: client.label(fix.title),
            kind: CodeActionKind.QuickFix,
            diagnostics,
            edit: workspaceEdit(fix.edits, snapshot, client),
          },
        ]
      : [],
  );
}

function openPage(rule: string, client: Client): CodeAction {
  const title = client.label(message('Open documentation of {0}', rule));
  return {
    title,
    kind: CodeActionKind.QuickFix,
    command: { title, command: languageCommands.openRulePage, arguments: [rule] },
  };
}

function workspaceEdit(edits: readonly Edit[], { address: { uri }, version }: Snapshot, client: Client): WorkspaceEdit {
  const textEdits: TextEdit[] = edits.map(({ range, text }) => ({ range, newText: text }));
  // The edit names its version, so the client refuses it if the text has changed.
  return client.versionedEdits
    ? { documentChanges: [{ textDocument: { uri, version }, edits: textEdits }] }
    : { changes: { [uri]: textEdits } };
}

function onePerRule(findings: readonly Finding[]): Finding[] {
  return [...new Map([...findings].reverse().map((finding) => [finding.rule, finding])).values()].reverse();
}

const before = (a: Range['start'], b: Range['start']): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);
/** Ranges whose ends touch overlap: a cursor at the end of a word is on the word. */
const touches = (a: Range, b: Range): boolean => !before(a.end, b.start) && !before(b.end, a.start);

/** Edits that set a rule to `off` under `policy.rules`. Null if the config cannot be edited in its current state. */
function disableInFile(document: ConfigDocument, rule: string): Fix | null {
  const changes = changesOf(document, rule);
  return changes.length === 0
    ? null
    : editsOf({ title: message('Turn {0} off in this file', rule), changes, safe: false }, document.lines);
}

function changesOf(document: ConfigDocument, rule: string): TextChange[] {
  const { root, language } = document;
  if (root?.kind !== 'map') return [];
  const severityOff = written('off', language);
  const rules = { rules: { [rule]: 'off' } };
  const policy = valueOf(root, 'policy');
  if (policy?.kind === 'scalar' && policy.value !== null)
    return setValue(document, ['policy'], written({ extends: policy.source, ...rules }, language));
  if (pairOf(valueOf(policy, 'rules'), rule)) return setValue(document, ['policy', 'rules', rule], severityOff);
  return policy?.kind === 'map'
    ? insertPair(document, ['policy', 'rules'], rule, severityOff)
    : insertPair(document, [], 'policy', written(rules, language));
}
