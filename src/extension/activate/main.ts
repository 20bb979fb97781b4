import * as vscode from 'vscode';
import { exportActive } from '../commands/exportRows.ts';
import { writeInferredConfig } from '../commands/inferConfig.ts';
import { writeNewConfig, type AskedConfig } from '../commands/newConfig.ts';
import { registerCommands } from '../commands/registry.ts';
import { ConfigList } from '../config/configList.ts';
import { CountDecorations } from '../config/countDecorations.ts';
import { DeclaredRoles } from '../config/declaredRoles.ts';
import { Datasets } from '../config/datasets.ts';
import { FormatMemory } from '../formatMemory.ts';
import { SampleReports } from '../generate/sampleReports.ts';
import type { Host } from '../host/host.ts';
import { Consent } from '../inspector/consent.ts';
import { InspectorProvider } from '../inspector/provider.ts';
import { OpenInspectors } from '../inspector/openInspectors.ts';
import { ConfigEdits } from '../preview/configEdits.ts';
import { ConfigTexts } from '../preview/configTexts.ts';
import { Previews } from '../preview/previews.ts';
import { UserMemory } from '../preview/userMemory.ts';
import { RoleMemory } from '../roleMemory.ts';
import { RulePages } from '../rulePages.ts';
import { ServerLink } from '../serverLink.ts';
import { ConfigsTree } from '../sidebar/configsTree.ts';
import { GlanceView } from '../sidebar/glance.ts';
import { SampleList } from '../sidebar/sampleList.ts';
import { SamplesTree } from '../sidebar/samplesTree.ts';
import { ScriptMemory } from '../spark/scriptMemory.ts';
import { SparkTasks } from '../spark/sparkTasks.ts';
import { StatusItem } from '../sidebar/statusItem.ts';
import { followTour } from './followTour.ts';
import { TrialMemory } from '../trial/trialMemory.ts';
import { Trials } from '../trial/trials.ts';
import { Tour } from '../tour/tour.ts';

/** The interface for tests in the extension host; nothing else uses it. */
export interface RecSampleApi {
  readonly link: ServerLink;
  readonly tree: SamplesTree;
  readonly configs: ConfigList;
  readonly configsTree: ConfigsTree;
  readonly inspectors: OpenInspectors;
  readonly roles: RoleMemory;
  readonly previews: Previews;
  readonly trials: Trials;
  /** Writes a new config with the answers of a test instead of asking. */
  readonly newConfig: (asked: AskedConfig) => Promise<void>;
  /** Writes the config of a sample into a file, with the data sets that fit best. */
  readonly inferConfig: (sample: string, file: string) => Promise<void>;
  /** Exports what the active inspector shows to a file. */
  readonly exportRows: (file: string) => Promise<void>;
}

/**
 * Creates and registers the services of the host. Reads nothing, and starts no process unless a ratio config is open.
 */
export function activate(context: vscode.ExtensionContext): RecSampleApi {
  const log = vscode.window.createOutputChannel('RecSample', { log: true });
  const link = new ServerLink(context.asAbsolutePath('dist/server.cjs'), log);
  const roles = new RoleMemory(context.workspaceState);
  const declared = new DeclaredRoles();
  const datasets = new Datasets(link, roles, declared, new FormatMemory(context.workspaceState));
  const configs = new ConfigList(link, log);
  const samples = new SampleList(context.workspaceState, configs, log);
  const rulePages = new RulePages(context.extensionUri);
  const inspectors = new OpenInspectors();
  const consent = new Consent();
  const status = new StatusItem(link);
  const edits = new ConfigEdits(link);
  const texts = new ConfigTexts();
  const trials = new Trials(context.extensionUri, {
    link,
    configs,
    log,
    texts,
    memory: new TrialMemory(context.workspaceState),
  });
  const previews = new Previews(context.extensionUri, {
    link,
    configs,
    log,
    showTrial: (chosen) => trials.show(chosen),
    users: new UserMemory(context.workspaceState),
    edits,
    texts,
  });
  const reports = new SampleReports();
  const scripts = new ScriptMemory(context.workspaceState);
  const tour = new Tour(context.globalState, context.workspaceState);
  const host: Host = {
    log,
    link,
    roles,
    declared,
    datasets,
    samples,
    configs,
    rulePages,
    inspectors,
    consent,
    previews,
    trials,
    reports,
    scripts,
    status,
    tour,
  };
  const tree = new SamplesTree(samples, datasets, [roles, declared], consent, link);
  const configsTree = new ConfigsTree(configs, context.extensionUri, log);
  // Remember each editor only once. Otherwise a removed sample would return to the list with the next sort or filter.
  const remembered = new WeakSet<object>();
  context.subscriptions.push(
    log,
    link,
    roles,
    declared,
    datasets,
    samples,
    configs,
    inspectors,
    status,
    tree,
    configsTree,
    edits,
    configs.onDidChange(() => {
      status.recheck();
      declared.update(configs.summaries);
    }),
    rulePages.register(),
    reports,
    new CountDecorations().register(),
    inspectors.onDidChange((inspector) => {
      if (inspector?.state.kind !== 'open' || remembered.has(inspector)) return;
      remembered.add(inspector);
      void samples.remember(inspector.path);
    }),
    new InspectorProvider(context.extensionUri, host, consent).register(),
    new GlanceView(context.extensionUri, host).register(),
    previews.register(),
    trials.register(),
    new SparkTasks(scripts, log).register(),
    registerCommands(host),
    tour,
    followTour(host),
  );
  void tour.begin();
  return {
    link,
    tree,
    configs,
    configsTree,
    inspectors,
    roles,
    previews,
    trials,
    newConfig: (asked) => writeNewConfig(host, asked),
    inferConfig: (sample, file) => writeInferredConfig(host, sample, file),
    exportRows: (file) => exportActive(host, () => Promise.resolve(vscode.Uri.file(file))),
  };
}
