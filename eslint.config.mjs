import tseslint from 'typescript-eslint';

/** Which folder may import which: the picture in ARCHITECTURE.md, enforced. Each folder names what it may not reach. */
const forbidden = {
  'src/processes': [
    'notebook',
    'runFolder',
    'words',
    'lab',
    'learning',
    'trainer',
    'client',
    'host',
    'cli',
    'setup',
    'webview',
  ],
  'src/files': [
    'notebook',
    'protocol',
    'processes',
    'runFolder',
    'words',
    'lab',
    'learning',
    'trainer',
    'client',
    'host',
    'cli',
    'setup',
    'webview',
  ],
  'src/protocol': [
    'notebook',
    'files',
    'processes',
    'runFolder',
    'words',
    'lab',
    'learning',
    'trainer',
    'client',
    'host',
    'cli',
    'setup',
    'webview',
  ],
  'src/runFolder': ['notebook', 'words', 'lab', 'learning', 'trainer', 'client', 'host', 'cli', 'setup', 'webview'],
  'src/notebook': [
    'files',
    'processes',
    'runFolder',
    'words',
    'lab',
    'learning',
    'trainer',
    'client',
    'host',
    'cli',
    'setup',
    'webview',
  ],
  'src/words': [
    'notebook',
    'files',
    'processes',
    'runFolder',
    'lab',
    'learning',
    'trainer',
    'client',
    'host',
    'cli',
    'setup',
    'webview',
  ],
  'src/lab': [
    'notebook',
    'processes',
    'runFolder',
    'words',
    'learning',
    'trainer',
    'client',
    'host',
    'cli',
    'setup',
    'webview',
  ],
  'src/learning': [
    'notebook',
    'files',
    'processes',
    'runFolder',
    'words',
    'trainer',
    'client',
    'host',
    'cli',
    'setup',
    'webview',
  ],
  'src/trainer': ['notebook', 'client', 'host', 'cli', 'setup', 'webview'],
  'src/client': ['lab', 'learning', 'trainer', 'host', 'cli', 'setup', 'webview'],
  'src/setup': ['notebook', 'runFolder', 'lab', 'learning', 'trainer', 'host', 'cli', 'webview'],
  'src/host': ['lab', 'learning', 'trainer', 'cli', 'setup', 'webview'],
  'src/cli': ['lab', 'learning', 'trainer', 'host', 'webview'],
  'src/tsserver': [
    'files',
    'processes',
    'runFolder',
    'notebook',
    'words',
    'lab',
    'learning',
    'trainer',
    'client',
    'host',
    'cli',
    'setup',
    'webview',
  ],
  'webview/panel': [
    ...['files', 'processes', 'runFolder', 'lab', 'learning', 'trainer', 'client', 'host', 'cli', 'setup', 'output'],
  ],
  'webview/output': [
    ...['files', 'processes', 'runFolder', 'lab', 'learning', 'trainer', 'client', 'host', 'cli', 'setup', 'panel'],
  ],
  'webview/kit': [
    'files',
    'processes',
    'runFolder',
    'lab',
    'learning',
    'trainer',
    'client',
    'host',
    'cli',
    'setup',
    'panel',
    'output',
  ],
};
const withoutVscode = [
  'src/processes',
  'src/files',
  'src/protocol',
  'src/notebook',
  'src/runFolder',
  'src/words',
  'src/lab',
  'src/learning',
  'src/trainer',
  'src/client',
  'src/setup',
  'src/cli',
  'src/tsserver',
  'webview/panel',
  'webview/output',
  'webview/kit',
];

/** What the core may not reach: files, processes, the network, texts; and tfjs-node, which belongs to one engine. */
const outsideOfCore = ['node:*', '@vscode/l10n', '@tensorflow/tfjs-node'];

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
        paths: withoutVscode.includes(folder) ? [{ name: 'vscode', message: `${folder} runs outside VS Code.` }] : [],
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
    ignores: ['src/learning/engine/native/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'ImportExpression', message: 'Only engine/native loads anything, and that is tfjs-node.' },
      ],
    },
  },
);
