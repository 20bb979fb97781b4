import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { ValidateResult } from '../../../src/protocol/language.ts';
import { demoPath, recsample } from './running.ts';

/** The text of a good config of the demo workspace. */
export function goodConfig(stage: 'recall' | 'coarse_ranking' | 'fine_ranking'): string {
  return readFileSync(demoPath('configs', `${stage}.ratio.yaml`), 'utf8');
}

/** A text with one part replaced. @throws AssertionError if the part does not occur exactly once */
export function replaced(text: string, from: string, to: string): string {
  assert.equal(text.split(from).length, 2, `${from} is not there once`);
  return text.replace(from, to);
}

/** A test's config next to those of the demo. */
export interface WrittenConfig {
  readonly uri: vscode.Uri;
  /** Deletes its file. */
  readonly dispose: () => void;
}
export interface ShownConfig extends WrittenConfig {
  readonly document: vscode.TextDocument;
}

export function writeConfig(name: string, text: string): WrittenConfig {
  const file = demoPath('configs', name);
  writeFileSync(file, text);
  return {
    uri: vscode.Uri.file(file),
    dispose: () => {
      rmSync(file, { force: true });
    },
  };
}

/** Writes a config and shows it. VS Code keeps such a document open for minutes, even after its editor is closed. */
export async function showConfig(name: string, text: string): Promise<ShownConfig> {
  const written = writeConfig(name, text);
  return { ...written, document: (await vscode.window.showTextDocument(written.uri)).document };
}

/** Validates a config with its data; afterwards lenses, hints and hovers use the data. */
export async function validated(uri: vscode.Uri): Promise<ValidateResult> {
  const { link } = await recsample();
  return link.request('validate', { uri: uri.toString(), level: 'data' });
}

/** The diagnostics of a document, once `holds` is true for them. */
export function untilFound(
  uri: vscode.Uri,
  holds: (found: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const found = vscode.languages.getDiagnostics(uri);
      if (holds(found)) resolve(found);
      return holds(found);
    };
    if (look()) return;
    const subscription = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.some((one) => one.toString() === uri.toString()) && look()) subscription.dispose();
    });
  });
}

/** The rule of a finding. */
export function ruleOf({ code }: vscode.Diagnostic): string {
  return typeof code === 'object' ? String(code.value) : String(code);
}

/** The position after the first occurrence of a text. */
export function behind(document: vscode.TextDocument, text: string): vscode.Position {
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, `${text} is not in the document`);
  return document.positionAt(at + text.length);
}

/** The hover text after a text. */
export async function hoverText(document: vscode.TextDocument, text: string): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    behind(document, text),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((part) => (part instanceof vscode.MarkdownString ? part.value : ''))
    .join('\n');
}

/** The text of an inlay hint. */
export function hintText({ label }: vscode.InlayHint): string {
  return typeof label === 'string' ? label : label.map(({ value }) => value).join('');
}
