/** Every id that package.json contributes. A test compares the manifest with this file. */

export const commands = {
  inspect: 'recsample.inspect',
  audit: 'recsample.audit',
  newConfig: 'recsample.newConfig',
  inferConfig: 'recsample.inferConfig',
  validate: 'recsample.validate',
  validateAll: 'recsample.validateAll',
  chooseFiles: 'recsample.chooseFiles',
  openRulePage: 'recsample.openRulePage',
  openConfig: 'recsample.openConfig',
  preview: 'recsample.preview',
  previewExtract: 'recsample.previewExtract',
  compare: 'recsample.compare',
  trial: 'recsample.trial',
  explain: 'recsample.explain',
  story: 'recsample.story',
  generate: 'recsample.generateSampleFile',
  exportSparkJob: 'recsample.exportSparkJob',
  openDemo: 'recsample.openDemo',
  openTour: 'recsample.openTour',
  tourStep: 'recsample.tourStep',
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
  exportRows: 'recsample.exportRows',
  copyCells: 'recsample.copyCells',
  copyCellsWithoutHeaders: 'recsample.copyCellsWithoutHeaders',
  showRows: 'recsample.showRows',
  showColumns: 'recsample.showColumns',
  showFile: 'recsample.showFile',
  showDistribution: 'recsample.showDistribution',
  showAudit: 'recsample.showAudit',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

export const views = {
  samples: 'recsample.samples',
  configs: 'recsample.configs',
  glance: 'recsample.glance',
} as const;

/** RecSample's own language ids for ratio configs, so that other YAML or JSON servers do not report on them too. */
export const languages = { yaml: 'ratio-yaml', json: 'ratio-json' } as const;

/**
 * One editor under two ids, because VS Code assigns priority by id. The first is the default for Parquet and compressed
 * text; the second opens plain text on request.
 */
export const viewTypes = { inspector: 'recsample.inspector', textInspector: 'recsample.textInspector' } as const;

/** Webview panels. They are not contributed; `onWebviewPanel` events restore them after a window reload. */
export const panels = { preview: 'recsample.preview', trial: 'recsample.trial' } as const;

/** Settings, with their section. */
export const settings = {
  memoryLimit: 'recsample.engine.memoryLimit',
  threads: 'recsample.engine.threads',
  exclude: 'recsample.samples.exclude',
  maxFiles: 'recsample.samples.maxFiles',
  sparkSql: 'recsample.spark.command',
  sparkSubmit: 'recsample.spark.submitCommand',
} as const;

/** Types of tasks, the `type` in tasks.json. */
export const taskTypes = { spark: 'recsample' } as const;

/** Keys for `when` clauses. */
export const contextKeys = {
  /** True while a long call runs that `cancelRunning` can cancel. */
  running: 'recsample.running',
  /** True after the first search for samples has ended; the welcome view waits for it. */
  searched: 'recsample.samplesSearched',
  /** True after the first search for ratio configs has ended. */
  configsSearched: 'recsample.configsSearched',
  /** With `.` and the id of a step: true when it is done. */
  tour: 'recsample.tour',
} as const;

/** Walkthroughs, with the extension that contributes them. */
export const walkthroughs = { tour: 'recsample.recsample#tour' } as const;

/** The steps of the tour, in order. */
export const tourSteps = ['sample', 'share', 'preview', 'popularity', 'generate', 'audit', 'own'] as const;
export type TourStep = (typeof tourSteps)[number];

/** `contextValue` of tree items. */
export const treeItems = {
  dataset: 'dataset',
  remembered: 'remembered',
  column: 'column',
  link: 'link',
  config: 'config',
  stage: 'stage',
} as const;
