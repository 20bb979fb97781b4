/** Every id that package.json contributes, in one place; a test holds the manifest to this file. */

export const commands = {
  inspect: 'recsample.inspect',
  newConfig: 'recsample.newConfig',
  validate: 'recsample.validate',
  validateAll: 'recsample.validateAll',
  openRulePage: 'recsample.openRulePage',
  openConfig: 'recsample.openConfig',
  preview: 'recsample.preview',
  compare: 'recsample.compare',
  explain: 'recsample.explain',
  generate: 'recsample.generateSampleFile',
  openDemo: 'recsample.openDemo',
  showLog: 'recsample.showLog',
  restartServer: 'recsample.restartServer',
  cancelRunning: 'recsample.cancelRunning',
  addSample: 'recsample.addSample',
  removeSample: 'recsample.removeSample',
  refreshSamples: 'recsample.refreshSamples',
  setColumnRole: 'recsample.setColumnRole',
  goToRow: 'recsample.goToRow',
  filterRows: 'recsample.filterRows',
  clearFilter: 'recsample.clearFilter',
  chooseColumns: 'recsample.chooseColumns',
  copyCells: 'recsample.copyCells',
  copyCellsWithoutHeaders: 'recsample.copyCellsWithoutHeaders',
  showRows: 'recsample.showRows',
  showColumns: 'recsample.showColumns',
  showFile: 'recsample.showFile',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

export const views = {
  samples: 'recsample.samples',
  configs: 'recsample.configs',
  glance: 'recsample.glance',
} as const;

/** Languages of ratio configs: of our own, so that no other YAML or JSON server speaks too. */
export const languages = { yaml: 'ratio-yaml', json: 'ratio-json' } as const;

/** One editor under two ids, since priority is given by id: the first opens Parquet and compressed text by default, the second plain text on request. */
export const viewTypes = { inspector: 'recsample.inspector', textInspector: 'recsample.textInspector' } as const;

/** Webview panels. Not contributed: an event of their own brings them back after a reload of the window. */
export const panels = { preview: 'recsample.preview' } as const;

/** Settings, with their section. */
export const settings = {
  memoryLimit: 'recsample.engine.memoryLimit',
  threads: 'recsample.engine.threads',
  exclude: 'recsample.samples.exclude',
  maxFiles: 'recsample.samples.maxFiles',
} as const;

/** Keys of `when` clauses. */
export const contextKeys = {
  /** True while a long call runs that `cancelRunning` can end. */
  running: 'recsample.running',
  /** True once the first search for samples has ended (the welcome view waits for it). */
  searched: 'recsample.samplesSearched',
  /** True once the first search for ratio configs has ended. */
  configsSearched: 'recsample.configsSearched',
} as const;

/** `contextValue` of tree items. */
export const treeItems = {
  dataset: 'dataset',
  remembered: 'remembered',
  column: 'column',
  link: 'link',
  config: 'config',
  stage: 'stage',
} as const;
