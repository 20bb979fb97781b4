import * as vscode from 'vscode';
import { samplingWire, type PreviewRequests, type TurnEdits } from '../../protocol/preview.ts';
import type { ServerLink } from '../serverLink.ts';
import { editedLines, lineChanges, linesOf, type LineChange } from './lineChanges.ts';
import { SplitGestures } from './splitGestures.ts';

/** How often numbers are written anew because somebody typed in between. */
const MOST_TRIES = 4;

/** What one movement of a slider did to the text of a config so far. */
interface Gesture {
  /** The text before it. */
  readonly start: string;
  /** The text that it wrote last. */
  readonly written: string;
  /** Texts of it that were saved: VS Code ends a step of undo there. */
  readonly saved: ReadonlySet<string>;
}

/**
 * Writes the numbers of sliders into configs, as edits of their editors. A gesture is one step of undo, and each of its edits is made from the
 * text before it: what it leaves depends on where it ends.
 */
export class ConfigEdits implements vscode.Disposable {
  readonly #gestures = new Map<string, Gesture>();
  readonly #split = new SplitGestures();
  readonly #turned = new vscode.EventEmitter<vscode.Uri>();
  /** Numbers of a config were written. Told in addition to the change of its text, and after it. */
  readonly onDidTurn = this.#turned.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(private readonly link: ServerLink) {
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidSaveTextDocument((document) => {
        this.#saved(document);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#split.forget(uri.toString());
      }),
      vscode.workspace.onDidChangeTextDocument((change) => {
        this.#changed(change);
      }),
    );
  }

  /** @returns false where a knob is gone. `beside`: the column of the preview, which is not covered */
  async turn(
    { settle, ...params }: PreviewRequests['turn']['params'],
    beside: vscode.ViewColumn | undefined,
  ): Promise<boolean> {
    const { uri } = params.config;
    for (let k = 0; k < MOST_TRIES; k++) {
      const editor = await shown(vscode.Uri.parse(uri), beside);
      const { document } = editor;
      const before = document.getText();
      const known = this.#gestures.get(uri);
      const gesture = known?.written === before ? known : undefined;
      // Where somebody typed or undid in between, the gesture is over, and a further one begins from that text.
      if (known && !gesture) {
        this.settle(uri);
        if (settle) return true;
      }
      const start = gesture?.start ?? before;
      const made = await this.link.request(samplingWire.turn, { ...params, config: { uri, text: start } });
      if (!made) return this.#fail(uri);
      if (document.getText() !== before) continue;
      const changes = lineChanges(linesOf(before), editedLines(linesOf(start), made.edits));
      if (!changes) return this.#fail(uri);
      if (!(await write(editor, changes, { undoStopBefore: !gesture, undoStopAfter: settle }))) continue;
      this.#gestures.set(uri, { start, written: document.getText(), saved: gesture?.saved ?? new Set() });
      if (settle) this.settle(uri);
      this.#turned.fire(document.uri);
      const [first] = changes;
      // What moves is to be seen, but the text does not jump about below a slider that is held.
      if (!gesture && first)
        editor.revealRange(
          new vscode.Range(first.line, first.start, first.line, first.end),
          vscode.TextEditorRevealType.InCenterIfOutsideViewport,
        );
      return true;
    }
    return this.#fail(uri);
  }

  /** Ends the gesture in a config: the next one is a step of undo of its own. */
  settle(uri: string): void {
    const gesture = this.#gestures.get(uri);
    this.#gestures.delete(uri);
    if (!gesture) return;
    const { start, written: end, saved } = gesture;
    const stops = new Set([...saved].filter((text) => text !== start && text !== end));
    if (stops.size > 0) this.#split.add(uri, { start, end, stops });
  }

  /** Takes the last step back, as Ctrl+Z in the editor does. */
  async undo(uri: vscode.Uri, beside: vscode.ViewColumn | undefined): Promise<void> {
    const { document, viewColumn } = await shown(uri, beside);
    await vscode.window.showTextDocument(document, viewColumn);
    await vscode.commands.executeCommand('undo');
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#turned.dispose();
  }

  #saved(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    const gesture = this.#gestures.get(uri);
    if (gesture) this.#gestures.set(uri, { ...gesture, saved: new Set([...gesture.saved, document.getText()]) });
  }

  /** An undo or redo that stopped inside a gesture goes on to its end. */
  #changed({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    const how =
      reason === vscode.TextDocumentChangeReason.Undo
        ? 'undo'
        : reason === vscode.TextDocumentChangeReason.Redo
          ? 'redo'
          : 'edit';
    const stopsInside = this.#split.stopsInside(document.uri.toString(), document.getText(), how);
    // The commands act on the editor with the keyboard: in another one they would undo something else.
    if (stopsInside && vscode.window.activeTextEditor?.document === document) void vscode.commands.executeCommand(how);
  }

  #fail(uri: string): false {
    this.settle(uri);
    return false;
  }
}

/** Resolves to false where the text changed meanwhile. */
async function write(
  editor: vscode.TextEditor,
  changes: readonly LineChange[],
  stops: { readonly undoStopBefore: boolean; readonly undoStopAfter: boolean },
): Promise<boolean> {
  return editor.edit((builder) => {
    for (const { line, start, end, text } of changes) builder.replace(new vscode.Range(line, start, line, end), text);
  }, stops);
}

export function rangeOf({ start, end }: TurnEdits['edits'][number]['range']): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** The editor of a config: the one on screen, else one that is opened beside the preview, which keeps the keyboard. */
export async function shown(uri: vscode.Uri, beside: vscode.ViewColumn | undefined): Promise<vscode.TextEditor> {
  const visible = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  return (
    visible ??
    vscode.window.showTextDocument(uri, { viewColumn: columnFor(uri, beside), preserveFocus: true, preview: false })
  );
}

/** A column other than that of the preview: where the config has a tab, else the first other one, else a new one. */
export function columnFor(uri: vscode.Uri, beside: vscode.ViewColumn | undefined): vscode.ViewColumn {
  const others = vscode.window.tabGroups.all.filter(({ viewColumn }) => viewColumn !== beside);
  const holding = others.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
  );
  return (holding ?? others[0])?.viewColumn ?? vscode.ViewColumn.Beside;
}
