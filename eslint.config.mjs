import tseslint from 'typescript-eslint';

/** Which folder may import which others: the table in ARCHITECTURE.md, enforced. */
const may = {
  'src/protocol': [],
  'src/files': [],
  'src/processes': ['protocol', 'files'],
  'src/runFolder': ['protocol', 'files', 'processes'],
  'src/words': ['protocol'],
  'src/notebook': ['protocol'],
  'src/lab': ['protocol', 'files'],
  'src/learning': ['protocol', 'lab'],
  'src/trainer': ['protocol', 'files', 'processes', 'runFolder', 'words', 'lab', 'learning'],
  'src/client': ['protocol', 'files', 'processes', 'runFolder', 'notebook', 'words'],
  'src/setup': ['protocol', 'files', 'processes', 'client'],
  'src/host': ['protocol', 'files', 'processes', 'runFolder', 'notebook', 'words', 'client'],
  'src/tsserver': ['protocol'],
  'src/cli': ['protocol', 'files', 'processes', 'runFolder', 'notebook', 'words', 'client', 'setup'],
  'webview/kit': ['protocol', 'words'],
  'webview/panel': ['protocol', 'words', 'kit'],
  'webview/output': ['protocol', 'words', 'kit'],
};
const folders = Object.keys(may).map((folder) => folder.split('/'));
/** By folder, the names of those that it may not reach. */
const forbidden = Object.fromEntries(
  Object.entries(may).map(([folder, allowed]) => {
    const [root, own] = folder.split('/');
    const others = folders.flatMap(([otherRoot, name]) => (otherRoot === 'src' || root !== 'src' ? [name] : []));
    const hidden = others.filter((name) => name !== own && !allowed.includes(name));
    return [folder, root === 'src' ? [...hidden, 'webview'] : hidden];
  }),
);
const inVscode = ['src/host'];

/** What the core may not reach: files, processes, the network, texts; and what belongs to one engine. */
const outsideOfCore = ['node:*', '@vscode/l10n', '@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-wasm'];

/** Of the host's rooms: `app` and `state` are below all others, and the panel is asked for through `state/stage`. */
const shows = [
  'exercises',
  'lessons',
  'modelFiles',
  'notebook',
  'panel',
  'runs',
  'startup',
  'status',
  'training',
  'engine',
  'machine',
];
forbidden['src/host/app'] = [...forbidden['src/host'], ...shows, 'state', 'diagnostics'];
forbidden['src/host/diagnostics'] = forbidden['src/host/app'];
forbidden['src/host/state'] = [...forbidden['src/host'], ...shows, 'diagnostics'];
for (const room of shows) forbidden[`src/host/${room}`] = [...forbidden['src/host'], 'panel'];

const boundaries = Object.entries(forbidden).map(([folder, others]) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: inVscode.some((room) => folder.startsWith(room))
          ? []
          : [{ name: 'vscode', message: `${folder} runs outside VS Code.` }],
        patterns: [
          {
            group: others.flatMap((other) => [`**/../${other}`, `**/../${other}/**`, `../${other}`, `../${other}/**`]),
            message: `${folder} must not import this folder (see ARCHITECTURE.md).`,
          },
          ...(folder === 'src/words' ? [{ group: ['node:*'], message: 'Words are bundled into the page, too.' }] : []),
          ...(folder === 'src/learning'
            ? [{ group: outsideOfCore, message: 'The core knows no files, processes, network or texts.' }]
            : []),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.cache', '.lab', 'test/ui/screenshots'] },
  {
    files: ['src/**/*.ts', 'webview/**/*.ts', 'test/**/*.ts', 'samples/**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.json', 'webview/tsconfig.json', 'samples/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  // What the learner completes begins with parameters that nothing uses yet.
  { files: ['samples/**/*.ts'], rules: { '@typescript-eslint/no-unused-vars': 'off' } },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['src/cli/**/*.ts', 'src/setup/**/*.ts', 'test/**/*.ts'], rules: { 'no-console': 'off' } },
  // The kit stands in elements that it is given, in any page.
  {
    files: ['webview/kit/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'acquireVsCodeApi', 'event', 'name'],
      'no-restricted-properties': [
        'error',
        ...[
          'body',
          'head',
          'documentElement',
          'activeElement',
          'adoptedStyleSheets',
          'getElementById',
          'querySelector',
          'querySelectorAll',
          'addEventListener',
        ].map((property) => ({
          object: 'document',
          property,
          message: 'The kit reaches nothing outside of the element that it is given.',
        })),
        { object: 'window', property: 'addEventListener', message: 'The kit listens to its own elements alone.' },
      ],
    },
  },
  ...boundaries,
  {
    files: ['src/learning/**/*.ts'],
    ignores: ['src/learning/engine/native/**', 'src/learning/engine/wasm/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ImportExpression',
          message: 'Only engine/native and engine/wasm load anything: what they are made of.',
        },
      ],
    },
  },
);
