import * as vscode from 'vscode';
import { fail } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import type { Finding } from '../../core/policy/finding.ts';
import { stages } from '../../core/schema/stage.ts';
import { auditWire, type AuditParams, type AuditView } from '../../protocol/auditView.ts';
import type { CallContext } from '../../protocol/engine.ts';
import { commands } from '../ids.ts';
import type { ConfigList } from '../config/configList.ts';
import type { ServerLink } from '../serverLink.ts';

/** The audit of the file of one inspector. */
export class InspectorAudit {
  #last: AuditView | null = null;

  constructor(
    private readonly path: string,
    private readonly link: ServerLink,
    private readonly configs: ConfigList,
  ) {}

  async run(context: CallContext): Promise<AuditView> {
    await this.configs.searched();
    this.#last = await this.link.request(auditWire.audit, { path: this.path, of: this.#namedBy() }, context);
    return this.#last;
  }

  /** Selects the place of a finding in the config. The webview names it by its index, so it cannot open other files. */
  async showFinding(index: number): Promise<void> {
    const { start, end } = this.#finding(index).range;
    const config = this.#last?.config;
    if (!config) return;
    await vscode.window.showTextDocument(vscode.Uri.parse(config.uri), {
      selection: new vscode.Range(start.line, start.character, end.line, end.character),
      preview: false,
    });
  }

  async showRule(index: number): Promise<void> {
    await vscode.commands.executeCommand(commands.openRulePage, this.#finding(index).rule);
  }

  #finding(index: number): Finding {
    const finding = this.#last?.findings[index];
    if (!finding) throw fail('bad-request', message('The audit has no such finding. Run it again'));
    return finding;
  }

  /** The first config of the workspace that names the file as the sample file of a stage. */
  #namedBy(): AuditParams['of'] {
    for (const { uri, datasets } of this.configs.summaries) {
      const own = datasets.find(({ name, path }) => name.startsWith('samples.') && path === this.path);
      const stage = stages.find((one) => own?.name === `samples.${one}`);
      if (stage !== undefined) return { config: { uri }, stage };
    }
    return null;
  }
}
