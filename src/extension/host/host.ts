import type * as vscode from 'vscode';
import type { ConfigList } from '../config/configList.ts';
import type { DeclaredRoles } from '../config/declaredRoles.ts';
import type { Datasets } from '../config/datasets.ts';
import type { SampleReports } from '../generate/sampleReports.ts';
import type { Consent } from '../inspector/consent.ts';
import type { OpenInspectors } from '../inspector/openInspectors.ts';
import type { Previews } from '../preview/previews.ts';
import type { RoleMemory } from '../roleMemory.ts';
import type { RulePages } from '../rulePages.ts';
import type { ServerLink } from '../serverLink.ts';
import type { SampleList } from '../sidebar/sampleList.ts';
import type { ScriptMemory } from '../spark/scriptMemory.ts';
import type { StatusItem } from '../sidebar/statusItem.ts';
import type { Trials } from '../trial/trials.ts';
import type { Tour } from '../tour/tour.ts';

/** Everything that lives as long as the window; the first argument of every command. */
export interface Host {
  readonly log: vscode.LogOutputChannel;
  readonly link: ServerLink;
  readonly roles: RoleMemory;
  readonly declared: DeclaredRoles;
  readonly datasets: Datasets;
  readonly samples: SampleList;
  readonly configs: ConfigList;
  readonly rulePages: RulePages;
  readonly inspectors: OpenInspectors;
  readonly consent: Consent;
  readonly previews: Previews;
  readonly trials: Trials;
  readonly reports: SampleReports;
  readonly scripts: ScriptMemory;
  readonly status: StatusItem;
  readonly tour: Tour;
}
