import * as vscode from 'vscode';
import { auditRoleOf } from '../../core/audit/sampleColumns.ts';
import { describeFailure, fail, failureOf } from '../../core/message/failure.ts';
import { message } from '../../core/message/message.ts';
import { severities, type Finding } from '../../core/policy/finding.ts';
import { countsOf } from '../../core/report/lintReport.ts';
import { stages } from '../../core/schema/stage.ts';
import type { AuditView } from '../../protocol/auditView.ts';
import type { CallContext } from '../../protocol/engine.ts';
import type { InspectorRequests } from '../../protocol/inspectorRequests.ts';
import type { ServerParams } from '../../protocol/server.ts';
import type { AuditVerdict } from '../../protocol/sidebar.ts';
import { placesOf } from '../samplePath.ts';
import type { ConfigList } from '../config/configList.ts';
import type { DeclaredRoles } from '../config/declaredRoles.ts';
import type { RoleMemory } from '../roleMemory.ts';
import type { ServerLink } from '../serverLink.ts';

/** Maximum number of findings in a verdict. */
const MAX_WORST = 3;

/** The audit of the file of one inspector. */
export class InspectorAudit {
  #last: AuditView | null = null;

  constructor(
    private readonly path: string,
    private readonly link: ServerLink,
    private readonly configs: ConfigList,
    private readonly roles: { readonly roles: RoleMemory; readonly declared: DeclaredRoles },
    private readonly log: Pick<vscode.LogOutputChannel, 'warn'>,
  ) {}

  async run(choices: InspectorRequests['audit']['params'], context: CallContext): Promise<AuditView> {
    await this.configs.searched();
    const of = this.#namedBy();
    const { stored, declared } = this.#roles();
    const view = await this.link.request('audit', { path: this.path, of, stored, declared, ...choices }, context);
    this.#last = view;
    // The counts are cached now. With them, the findings are in the Problems view too.
    if (of !== null && view.findings.length > 0)
      this.link.request('validate', { ...of.config, level: 'data' }).catch((error: unknown) => {
        this.log.warn(`validate: ${describeFailure(failureOf(error))}`);
      });
    return view;
  }

  /** Selects the place of a finding in the config. The webview names it by its index, so it cannot open other files. */
  async showFinding(index: number): Promise<null> {
    const { start, end } = this.#finding(index).range;
    const config = this.#last?.config;
    if (!config) return null;
    await vscode.window.showTextDocument(vscode.Uri.parse(config.uri), {
      selection: new vscode.Range(start.line, start.character, end.line, end.character),
      preview: false,
    });
    return null;
  }

  ruleOf(index: number): string {
    return this.#finding(index).rule;
  }

  /** A short form of an audit for the Samples view: counts and the worst findings. */
  static verdict({ config, findings }: AuditView, fingerprint: string): AuditVerdict {
    const rank = ({ severity }: Finding): number => severities.indexOf(severity);
    return {
      fingerprint,
      isChecked: config !== null,
      counts: countsOf(findings),
      worst: [...findings]
        .sort((a, b) => rank(a) - rank(b))
        .slice(0, MAX_WORST)
        .map(({ severity, message: says }) => ({ severity, message: says })),
    };
  }

  /** Roles of the tab Columns as an audit reads them. */
  #roles(): Required<Pick<ServerParams<'audit'>, 'stored' | 'declared'>> {
    const stored = Object.entries(this.roles.roles.get(this.path) ?? {});
    const declared = Object.entries(this.roles.declared.get(this.path) ?? {});
    return {
      stored: Object.fromEntries(stored.map(([name, role]) => [name, role && auditRoleOf(role)])),
      declared: Object.fromEntries(declared.map(([name, { role }]) => [name, auditRoleOf(role)])),
    };
  }

  #finding(index: number): Finding {
    const finding = this.#last?.findings[index];
    if (!finding) throw fail('bad-request', message('The audit has no such finding. Run it again'));
    return finding;
  }

  /** The first config of the workspace that names the file as the sample file of a stage. */
  #namedBy(): ServerParams<'audit'>['of'] {
    for (const { uri, datasets } of this.configs.summaries) {
      const dataset = datasets.find(
        ({ name, path }) => name.startsWith('samples.') && placesOf(path).includes(this.path),
      );
      const stage = stages.find((candidate) => dataset?.name === `samples.${candidate}`);
      if (stage !== undefined) return { config: { uri }, stage };
    }
    return null;
  }
}
