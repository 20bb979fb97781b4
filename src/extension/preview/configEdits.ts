import * as vscode from 'vscode';
import type { PreviewRequests, KnobEdits } from '../../protocol/preview.ts';
import type { ServerLink } from '../serverLink.ts';
import { editedLines, lineChanges, linesOf, type LineChange } from './lineChanges.ts';
import { SplitGestures } from './splitGestures.ts';

/** How often to retry when the user types in between. */
const MAX_TRIES = 4;

/** The text changes of one slider gesture so far. */
interface Gesture {
  /** The text before the gesture. */
  readonly start: string;
  /** The last text that the gesture wrote. */
  readonly lastText: string;
}

/**
 * Writes slider values into configs as edits of their editors. A gesture is one undo step. Each of its edits is
 * computed from the text before the gesture, so the result depends only on the last value.
 */
export class ConfigEdits implements vscode.Disposable {
  readonly #gestures = new Map<string, Gesture>();
  readonly #split = new SplitGestures();
  readonly #knobsSet = new vscode.EventEmitter<vscode.Uri>();
  /** Values of a config were written. Fires in addition to the change event of its text, and after it. */
  readonly onDidSetKnobs = this.#knobsSet.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(private readonly link: ServerLink) {
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        this.#split.saved(uri.toString());
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#split.forget(uri.toString());
      }),
      vscode.workspace.onDidChangeTextDocument((change) => {
        this.#changed(change);
      }),
    );
  }

  /** @returns false if a knob no longer exists. `beside`: the column of the preview, which must stay visible */
  async setKnobs(
    { settle, ...params }: PreviewRequests['setKnobs']['params'],
    beside: vscode.ViewColumn | undefined,
  ): Promise<boolean> {
    const { uri } = params.config;
    for (let k = 0; k < MAX_TRIES; k++) {
      const editor = await showEditor(vscode.Uri.parse(uri), beside);
      const { document } = editor;
      const before = document.getText();
      const known = this.#gestures.get(uri);
      const gesture = known?.lastText === before ? known : undefined;
      // If the user typed or undid in between, the gesture is over; the next one starts from that text.
      if (known && !gesture) {
        this.settle(uri);
        if (settle) return true;
      }
      const start = gesture?.start ?? before;
      const made = await this.link.request('setKnobs', { ...params, config: { uri, text: start } });
      if (!made) return this.#fail(uri);
      if (document.getText() !== before) continue;
      const changes = lineChanges(linesOf(before), editedLines(linesOf(start), made.edits));
      if (!changes) return this.#fail(uri);
      if (!(await write(editor, changes, { undoStopBefore: !gesture, undoStopAfter: settle }))) continue;
      if (!gesture) this.#split.begin(uri, start);
      this.#split.wrote(uri, document.getText());
      this.#gestures.set(uri, { start, lastText: document.getText() });
      if (settle) this.settle(uri);
      this.#knobsSet.fire(document.uri);
      // Show the beginnings of all edited lines, so that the text does not scroll sideways. Do not scroll again while
      // the user drags the slider.
      const lines = changes.map(({ line }) => line);
      if (!gesture && lines.length > 0)
        editor.revealRange(
          new vscode.Range(Math.min(...lines), 0, Math.max(...lines), 0),
          vscode.TextEditorRevealType.InCenterIfOutsideViewport,
        );
      return true;
    }
    return this.#fail(uri);
  }

  /** Ends the gesture in a config; the next one is a new undo step. */
  settle(uri: string): void {
    this.#gestures.delete(uri);
  }

  /** Undoes the last step, like Ctrl+Z in the editor. */
  async undo(uri: vscode.Uri, beside: vscode.ViewColumn | undefined): Promise<void> {
    const { document, viewColumn } = await showEditor(uri, beside);
    await vscode.window.showTextDocument(document, viewColumn);
    await vscode.commands.executeCommand('undo');
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#knobsSet.dispose();
  }

  /** Continues an undo or redo that stopped inside a gesture, to the end of the gesture. */
  #changed({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    const how =
      reason === vscode.TextDocumentChangeReason.Undo
        ? 'undo'
        : reason === vscode.TextDocumentChangeReason.Redo
          ? 'redo'
          : 'edit';
    const stopsInside = this.#split.stopsInside(document.uri.toString(), document.getText(), how);
    // The commands act on the focused editor; in another editor they would undo something else.
    if (stopsInside && vscode.window.activeTextEditor?.document === document) void vscode.commands.executeCommand(how);
  }

  #fail(uri: string): false {
    this.settle(uri);
    return false;
  }
}

/** Resolves to false if the text changed meanwhile. */
async function write(
  editor: vscode.TextEditor,
  changes: readonly LineChange[],
  stops: { readonly undoStopBefore: boolean; readonly undoStopAfter: boolean },
): Promise<boolean> {
  return editor.edit((builder) => {
    for (const { line, start, end, text } of changes) builder.replace(new vscode.Range(line, start, line, end), text);
  }, stops);
}

export function rangeOf({ start, end }: KnobEdits['edits'][number]['range']): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** The editor of a config: the visible one, else a new one next to the preview, which keeps the focus. */
export async function showEditor(uri: vscode.Uri, beside: vscode.ViewColumn | undefined): Promise<vscode.TextEditor> {
  const visible = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  return (
    visible ??
    vscode.window.showTextDocument(uri, { viewColumn: columnFor(uri, beside), preserveFocus: true, preview: false })
  );
}

/** A column other than the preview's: the one with a tab of the config, else the first other one, else a new one. */
export function columnFor(uri: vscode.Uri, beside: vscode.ViewColumn | undefined): vscode.ViewColumn {
  const others = vscode.window.tabGroups.all.filter(({ viewColumn }) => viewColumn !== beside);
  const holding = others.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
  );
  return (holding ?? others[0])?.viewColumn ?? vscode.ViewColumn.Beside;
}
