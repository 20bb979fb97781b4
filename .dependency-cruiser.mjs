// Imports point down: webview, extension, cli, server → project → protocol → core; cli → engine. Type imports count too.

/** A layer and the folders that its files may import from. Rules for npm packages and Node are below. */
const layers = {
  'src/core': ['src/core'],
  'src/protocol': ['src/protocol', 'src/core'],
  'examples/demo': ['examples/demo', 'src/core'],
  'src/engine': ['src/engine', 'src/protocol', 'src/core', 'examples/demo'],
  'src/project': ['src/project', 'src/protocol', 'src/core'],
  'src/server': ['src/server', 'src/project', 'src/protocol', 'src/core'],
  'src/extension': ['src/extension', 'src/protocol', 'src/core'],
  'src/cli': ['src/cli', 'src/server', 'src/project', 'src/engine', 'src/protocol', 'src/core', 'examples/demo'],
  webview: ['webview', 'src/protocol', 'src/core'],
};

const anyOf = (folders) => `^(${folders.join('|')})/`;

const layerRules = Object.entries(layers).map(([layer, allowed]) => ({
  name: `${layer.split('/').at(-1)} imports only ${allowed.join(', ')}`,
  severity: 'error',
  from: { path: `^${layer}/` },
  to: { path: '^(src|webview|examples|test|bench|scripts)/', pathNot: anyOf(allowed) },
}));

/** Folders of the core and those that they may import: messages at the bottom, reports on top. */
const coreFolders = {
  message: [],
  queue: ['message'],
  schema: ['message'],
  table: ['message'],
  json: ['message'],
  statistics: [],
  audit: ['statistics', 'table', 'schema', 'message'],
  source: ['schema', 'message'],
  config: ['source', 'schema', 'table', 'message'],
  data: ['config', 'source', 'schema', 'table', 'audit', 'statistics', 'message'],
  sampling: ['config', 'source', 'schema', 'table', 'json', 'message'],
  trial: ['sampling', 'config', 'schema', 'table', 'statistics', 'message'],
  relation: ['sampling', 'table', 'message'],
  spark: ['relation', 'data', 'sampling', 'config', 'source', 'schema', 'table', 'json', 'message'],
  viewSql: ['relation', 'table', 'message'],
  policy: ['data', 'config', 'source', 'schema', 'table', 'audit', 'statistics', 'message'],
  report: [
    'policy',
    'spark',
    'trial',
    'data',
    'sampling',
    'config',
    'source',
    'schema',
    'table',
    'audit',
    'statistics',
    'json',
    'message',
  ],
};

const coreRules = Object.entries(coreFolders).map(([folder, allowed]) => ({
  name: `core/${folder} imports only ${[...allowed, 'its own files'].join(', ')}`,
  severity: 'error',
  from: { path: `^src/core/${folder}/` },
  to: { path: '^src/core/[^/]+/', pathNot: anyOf([folder, ...allowed].map((name) => `src/core/${name}`)) },
}));

/** Folders of the other layers in their order: each imports only folders before it, and the files beside them. */
const orders = {
  'src/engine': [
    ...['sql', 'database', 'digest', 'files', 'arrow', 'demo', 'parquet', 'text', 'ipc', 'source', 'page', 'readers'],
    ...[
      'view',
      'tables',
      'inputs',
      'profile',
      'draw',
      'groups',
      'sequences',
      'write',
      'preview',
      'trainerExport',
      'trial',
      'answers',
    ],
    ...['audit', 'chances', 'export', 'methods', 'process'],
  ],
  'src/project': ['facts', 'plan', 'questions', 'stage', 'lint', 'audit', 'trial'],
  'src/server': ['engine', 'language', 'sampling', 'process'],
  'src/extension': [
    ...['generate', 'config', 'spark', 'tour', 'inspector', 'preview', 'sidebar', 'trial', 'host', 'newConfig'],
    ...['commands', 'activate'],
  ],
  'src/cli': ['sampling', 'commands', 'process'],
};

const orderRules = Object.entries(orders).flatMap(([layer, folders]) => [
  {
    name: `files beside the folders of ${layer} import none of them`,
    severity: 'error',
    from: { path: `^${layer}/[^/]+$` },
    to: { path: `^${layer}/[^/]+/` },
  },
  ...folders.map((folder, k) => ({
    name: `${layer}/${folder} imports no folder after it`,
    severity: 'error',
    from: { path: `^${layer}/${folder}/` },
    to: { path: `^${layer}/[^/]+/`, pathNot: anyOf(folders.slice(0, k + 1).map((name) => `${layer}/${name}`)) },
  })),
]);

/** Packages with one home, so that replacing one touches one place. */
const homes = {
  seedrandom: ['src/core/sampling/rng\\.ts$'],
  '@noble/hashes': ['src/core/sampling/words\\.ts$'],
  'apache-arrow': ['src/core/table/'],
  '@vscode/webview-ui-toolkit': ['webview/components/'],
  '@duckdb/': ['src/engine/'],
  'vscode-languageclient': ['src/extension/'],
  'vscode-languageserver': ['src/server/'],
  lit: ['webview/'],
  yaml: ['src/core/config/'],
  sarif: ['src/core/report/sarif\\.ts$'],
  'string-width': ['src/core/report/cells\\.ts$'],
  valibot: ['src/protocol/'],
};

const homeRules = Object.entries(homes).map(([name, folders]) => ({
  name: `${name} is imported only by ${folders.join(', ')}`,
  severity: 'error',
  from: { path: '^(src|webview|examples)/', pathNot: `^(${folders.join('|')})` },
  to: { path: `node_modules/(@types/)?${name}` },
}));

const pure = '^(src/core|src/protocol|examples/demo|webview)/';

export default {
  forbidden: [
    ...layerRules,
    ...coreRules,
    ...orderRules,
    ...homeRules,
    {
      name: 'core, protocol, the demo world and webviews run without Node',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core and protocol import no package beside their own',
      severity: 'error',
      from: { path: '^(src/core|src/protocol|examples/demo)/' },
      to: {
        path: 'node_modules/',
        pathNot: 'node_modules/(@types/)?(seedrandom|@noble/hashes|apache-arrow|yaml|sarif|string-width|valibot)/',
      },
    },
    {
      name: 'only the extension imports vscode',
      severity: 'error',
      from: { path: '^(src|webview|examples)/', pathNot: '^src/extension/' },
      to: { path: '(^vscode$|node_modules/@types/vscode/)' },
    },
    {
      name: 'schemas import no message that is made of them',
      severity: 'error',
      from: { path: '^src/protocol/schema/' },
      to: { path: '^src/protocol/[^/]+$' },
    },
    {
      name: 'webviews hold no schemas: the host checks what they say',
      severity: 'error',
      from: { path: '^webview/' },
      to: {
        path: '^src/protocol/',
        pathNot: '^src/protocol/inspector\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nothing opens a network connection',
      severity: 'error',
      from: { path: '^(src|webview|examples)/' },
      to: { path: '^(node:)?(http|https|http2|net|tls|dgram|dns)$' },
    },
    { name: 'no cycles', severity: 'error', from: { path: '^(src|webview|examples)/' }, to: { circular: true } },
    { name: 'every import is found', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^vscode$' } },
    {
      name: 'what ships imports no test, bench or script',
      severity: 'error',
      from: { path: '^(src|webview|examples)/' },
      to: { path: '^(test|bench|scripts)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
};
