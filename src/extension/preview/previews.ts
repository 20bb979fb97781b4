import * as vscode from 'vscode';
import type { PreviewState, SamplerParams } from '../../protocol/preview.ts';
import { acceptState } from '../../protocol/schema/accept.ts';
import { previewState } from '../../protocol/schema/preview.ts';
import { isConfig } from '../config/configList.ts';
import { panels } from '../ids.ts';
import { isConfigAddress } from './configAddress.ts';
import type { ConfigTexts } from './configTexts.ts';
import {
  PreviewPanel,
  previewTitle,
  type PreviewBeginning,
  type PreviewedStage,
  type PreviewServices,
} from './previewPanel.ts';

/** Milliseconds without a keystroke before previews draw again. Sliders do not wait. */
const QUIET = 120;

/** A preview needs more width than the lines of a config. So do the steps of the tour next to it. */
export const narrowLeft = { orientation: 0, groups: [{ size: 0.35 }, { size: 0.65 }] };

/** The previews of the window: one per stage of a config. */
export class Previews implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #open = new Set<PreviewPanel>();
  readonly #typing = new Map<string, NodeJS.Timeout>();
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when another preview is opened or shown. */
  readonly onDidChange = this.#changed.event;

  readonly #explained = new vscode.EventEmitter<void>();
  /** Fires when the explanation of a row is opened. */
  readonly onDidExplain = this.#explained.event;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly services: PreviewServices,
  ) {}

  /** Fires when sliders have edited a config. */
  get onDidSetKnobs(): vscode.Event<vscode.Uri> {
    return this.services.edits.onDidSetKnobs;
  }

  get texts(): ConfigTexts {
    return this.services.texts;
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      this,
      this.#changed,
      this.#explained,
      this.services.configs.onDidChangeFile((uri) => {
        this.#tell(uri);
      }),
      vscode.window.registerWebviewPanelSerializer(panels.preview, this),
      this.texts.register(),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && isConfig(document)) this.#typed(document.uri);
      }),
      this.services.edits.onDidSetKnobs((uri) => {
        clearTimeout(this.#typing.get(uri.toString()));
        this.#tell(uri);
      }),
      ...[this.services.link.onDataChanged, this.services.link.onRestarted].map((event) =>
        event(() => {
          for (const preview of this.#open) preview.refreshAfterChange();
        }),
      ),
    );
  }

  /** The active preview, or null. */
  get active(): PreviewPanel | null {
    return [...this.#open].find(({ panel }) => panel.active) ?? null;
  }

  /** What the preview of a config draws with; undefined without one. */
  samplerOf(config: vscode.Uri): SamplerParams | undefined {
    return [...this.#open].find((preview) => preview.config.uri === config.toString())?.sampler;
  }

  /** Shows a stage in its existing preview, or in a new one next to the editor. */
  show(previewed: PreviewedStage, column = vscode.ViewColumn.Beside): PreviewPanel {
    const { config, stage, extract } = previewed;
    const found = [...this.#open].find(
      (preview) =>
        preview.config.uri === config.uri && preview.stage === stage && preview.extract === (extract?.folder ?? null),
    );
    if (!found) {
      const side = vscode.workspace.getConfiguration('workbench.editor').get('openSideBySideDirection');
      const { all, activeTabGroup } = vscode.window.tabGroups;
      const isBeside =
        side !== 'down' && column === vscode.ViewColumn.Beside && all.length === 1 && activeTabGroup.tabs.length > 0;
      const panel = vscode.window.createWebviewPanel(panels.preview, previewTitle(previewed), column);
      if (isBeside) void vscode.commands.executeCommand('vscode.setEditorLayout', narrowLeft);
      return this.#add(panel, { ...previewed, state: null });
    }
    found.panel.reveal();
    return found;
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const state = acceptState(previewState, kept);
    // The webview wrote the state, so check that it is about a config.
    if (state && isConfigAddress(state.config.uri))
      this.#add(panel, { config: state.config, stage: state.stage, state, ...extractOf(state) });
    // The state is invalid or from another version, so its content is not known.
    else panel.dispose();
    return Promise.resolve();
  }

  dispose(): void {
    for (const timer of this.#typing.values()) clearTimeout(timer);
    for (const preview of this.#open) preview.dispose();
  }

  #add(panel: vscode.WebviewPanel, beginning: PreviewBeginning): PreviewPanel {
    const preview = new PreviewPanel(panel, beginning, this.extensionUri, {
      ...this.services,
      explained: () => {
        this.#explained.fire();
      },
    });
    this.#open.add(preview);
    panel.onDidChangeViewState(() => {
      this.#changed.fire();
    });
    panel.onDidDispose(() => {
      preview.dispose();
      this.#open.delete(preview);
      this.#changed.fire();
    });
    this.#changed.fire();
    return preview;
  }

  #typed(uri: vscode.Uri): void {
    const name = uri.toString();
    clearTimeout(this.#typing.get(name));
    this.#typing.set(
      name,
      setTimeout(() => {
        this.#typing.delete(name);
        this.#tell(uri);
      }, QUIET),
    );
  }

  #tell(uri: vscode.Uri): void {
    for (const preview of this.#open) preview.refreshAfterChange(uri.toString());
  }
}

/** The extract that a preview showed before a window reload. Its users are in the state. */
function extractOf({ extract, split, users }: PreviewState): Pick<PreviewedStage, 'extract'> {
  return extract ? { extract: { folder: extract, split, users } } : {};
}
