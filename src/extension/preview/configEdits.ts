import * as vscode from 'vscode';
import { samplingWire, type PreviewRequests, type TurnEdits } from '../../protocol/preview.ts';
import type { ServerLink } from '../serverLink.ts';

/** How often numbers are written anew because somebody typed in between. */
const MOST_TRIES = 4;

/** Writes the numbers of sliders into configs, as edits of their editors. */
export class ConfigEdits implements vscode.Disposable {
  /** Configs in which a gesture is under way: its edits are one step of undo. */
  readonly #moving = new Set<string>();
  readonly #turned = new vscode.EventEmitter<vscode.Uri>();
  /** Numbers of a config were written. Told in addition to the change of its text, and after it. */
  readonly onDidTurn = this.#turned.event;

  constructor(private readonly link: ServerLink) {}

  /** @returns false where a knob is gone. `beside`: the column of the preview, which is not covered */
  async turn({ settle, ...params }: PreviewRequests['turn']['params'], beside: vscode.ViewColumn | undefined): Promise<boolean> {
    const { uri } = params.config;
    for (let k = 0; k < MOST_TRIES; k++) {
      const editor = await shown(vscode.Uri.parse(uri), beside);
      const made = await this.link.request(samplingWire.turn, params);
      if (!made) return this.#end(uri, false);
      if (made.version !== editor.document.version) continue;
      const begins = !this.#moving.has(uri);
      if (!(await this.#write(editor, made, begins, settle))) continue;
      this.#turned.fire(editor.document.uri);
      const [first] = made.edits;
      // What moves is to be seen, but the text does not jump about below a slider that is held.
      if (begins && first) editor.revealRange(rangeOf(first.range), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
      if (settle) return this.#end(uri, true);
      if (made.edits.length > 0) this.#moving.add(uri);
      return true;
    }
    return this.#end(uri, false);
  }

  /** Takes the last step back, as Ctrl+Z in the editor does. */
  async undo(uri: vscode.Uri, beside: vscode.ViewColumn | undefined): Promise<void> {
    const { document, viewColumn } = await shown(uri, beside);
    await vscode.window.showTextDocument(document, viewColumn);
    await vscode.commands.executeCommand('undo');
  }

  dispose(): void {
    this.#turned.dispose();
  }

  async #write(editor: vscode.TextEditor, { edits }: TurnEdits, begins: boolean, ends: boolean): Promise<boolean> {
    return editor.edit((builder) => {
      for (const { range, text } of edits) builder.replace(rangeOf(range), text);
    }, { undoStopBefore: begins, undoStopAfter: ends });
  }

  #end(uri: string, result: boolean): boolean {
    this.#moving.delete(uri);
    return result;
  }
}

export function rangeOf({ start, end }: TurnEdits['edits'][number]['range']): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** The editor of a config: the one on screen, else one that is opened beside the preview, which keeps the keyboard. */
export async function shown(uri: vscode.Uri, beside: vscode.ViewColumn | undefined): Promise<vscode.TextEditor> {
  const visible = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  return visible ?? vscode.window.showTextDocument(uri, { viewColumn: columnFor(uri, beside), preserveFocus: true, preview: false });
}

/** A column other than that of the preview: where the config has a tab, else the first other one, else a new one. */
export function columnFor(uri: vscode.Uri, beside: vscode.ViewColumn | undefined): vscode.ViewColumn {
  const others = vscode.window.tabGroups.all.filter(({ viewColumn }) => viewColumn !== beside);
  const holding = others.find(({ tabs }) => tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()));
  return (holding ?? others[0])?.viewColumn ?? vscode.ViewColumn.Beside;
}
