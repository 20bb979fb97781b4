import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { RulePages } from '../rulePages.ts';
import type { HostCommand } from './command.ts';

const ruleId = /^[a-z]+\/[a-z_-]+$/;

/** Shows the page of the given rule or source (`source/popularity`), or of the rule that the user picks. */
export const openRulePage: HostCommand = {
  id: commands.openRulePage,
  async run(host, given) {
    const rule = typeof given === 'string' && ruleId.test(given) ? given : await pickRule(host.rulePages);
    if (rule !== undefined) await host.rulePages.open(rule);
  },
};

async function pickRule(pages: RulePages): Promise<string | undefined> {
  const items = (await pages.list()).map(({ rule, summary }) => ({ label: rule, detail: summary }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Open Rule Documentation'),
    matchOnDetail: true,
  });
  return picked?.label;
}
