import * as vscode from 'vscode';
import { markdownCode } from '../core/message/escape.ts';

const SCHEME = 'recsample-rule';
const page = /^\/[a-z]+\/[a-z_-]+\.md$/;
/** The folder of the pages about sources of negatives. */
const sourcePages = 'source';

/** The URI that opens the page of a rule; package.json makes VS Code render it. */
export function rulePageAddress(rule: string): string {
  return `${SCHEME}:/${rule}.md`;
}

/** A rule in the quick pick. */
export interface RulePage {
  readonly rule: string;
  readonly summary: string;
}

/** The documentation of the rules, from files that ship with the extension; no network access. */
export class RulePages implements vscode.TextDocumentContentProvider {
  readonly #root: vscode.Uri;

  constructor(extensionUri: vscode.Uri) {
    this.#root = vscode.Uri.joinPath(extensionUri, 'docs', 'rules');
  }

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  async provideTextDocumentContent({ path }: vscode.Uri): Promise<string> {
    const text = page.test(path) ? await this.#read(path) : null;
    return (
      text ??
      `# ${markdownCode(path.replace(/^\//, '').replace(/\.md$/, ''))}\n\n${vscode.l10n.t('There is no such rule.')}\n`
    );
  }

  async open(rule: string): Promise<void> {
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(rulePageAddress(rule)));
  }

  /** Every rule that has a page, by id. */
  async list(): Promise<readonly RulePage[]> {
    const groups = (await vscode.workspace.fs.readDirectory(this.#root))
      .filter(([name, type]) => type === vscode.FileType.Directory && name !== sourcePages)
      .map(([name]) => name);
    const files = await Promise.all(
      groups.map(async (group) =>
        (await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(this.#root, group))).map(
          ([name]) => `/${group}/${name}`,
        ),
      ),
    );
    const pages = await Promise.all(
      files
        .flat()
        .filter((path) => page.test(path))
        .map(async (path) => ({
          rule: path.slice(1, -'.md'.length),
          summary: summaryOf((await this.#read(path)) ?? ''),
        })),
    );
    return pages.sort((a, b) => (a.rule < b.rule ? -1 : 1));
  }

  async #read(path: string): Promise<string | null> {
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#root, path)));
    } catch {
      return null;
    }
  }
}

/** The first prose line below the title. */
function summaryOf(markdown: string): string {
  return markdown.split('\n').find((line) => /^[\p{L}`]/u.test(line)) ?? '';
}
