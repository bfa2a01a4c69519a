import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findLesson } from '../client/lessons/catalogue';
import { drawingOf } from '../client/notebook/drawing';
import { runNotebook, type NotebookListener, type NotebookRequest } from '../client/notebook/run';
import { replaceFile } from '../files/replace';
import { NOTEBOOK_SUFFIX, readNotebook } from '../notebook/document';
import { decodeNotebook } from '../notebook/encoding';
import { toHtml } from '../notebook/export/html';
import { toIpynb } from '../notebook/export/ipynb';
import { pictureBeside } from '../notebook/export/picture';
import type { ShownCell } from '../notebook/export/shown';
import type { LabError } from '../protocol/errors';
import { TEXT_MIME } from '../protocol/display';
import { plain } from '../words/plain';
import { terminalLocale, userPath, type CommandContext } from './context';
import { engineNamed, ensureFor } from './engines';
import { errorText } from './errorText';
import { readNotebookFile } from './notebookFile';
import { badArgument } from './usage';

export const notebookHelp = (): string =>
  l10n.t(`usage: npm run notebook -- LESSON|FILE [--output FILE.ipynb|FILE.html] [--engine NAME] [--data DIR] [--runs DIR]
                               [--json]

Runs the cells of a notebook from top to bottom, to the first that fails; the exit code is 1 then. Ctrl+C stops.
  LESSON|FILE    a lesson's id, or a file *.lab.md
  --output FILE  where the notebook is written with what its cells show: for Jupyter (.ipynb) or any browser (.html)
  --engine NAME  auto, native or wasm, as for npm run lesson
  --data DIR     a folder of yours with data sets, as for the setting deepLearningLab.data.directory
  --runs DIR     where the folders of runs are made (default: .lab/runs in the clone)
  --json         one JSON object a line: {"type":"cell","index","ok","milliseconds"} for each cell that was run, and last
                 {"type":"summary","cells","failed","seconds"}`);

export async function notebook(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      output: { type: 'string' },
      engine: { type: 'string' },
      data: { type: 'string' },
      runs: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const { paths, stops } = context;
  const engine = engineNamed(values.engine, 'npm run notebook');
  const [what, ...more] = positionals;
  if (what === undefined || more.length > 0) throw usage(l10n.t('Name one lesson, or one file.'));
  const output = values.output === undefined ? undefined : userPath(values.output);
  if (output !== undefined && !/\.(?:ipynb|html)$/i.test(output))
    throw usage(l10n.t('--output {0} ends neither in .ipynb nor in .html.', output));
  const locale = terminalLocale();
  const isFile = what.endsWith(NOTEBOOK_SUFFIX);
  const file = isFile ? userPath(what) : (await findLesson(paths, what, locale)).notebook;
  const { cells } = readNotebook(decodeNotebook(await readNotebookFile(file), file));
  await ensureFor(engine, ['data'], context);
  const request: NotebookRequest = {
    notebook: file,
    cells,
    runsDirectory: values.runs === undefined ? path.join(paths.root, '.lab', 'runs') : userPath(values.runs),
    ...(values.data === undefined ? {} : { dataDirectory: userPath(values.data) }),
    ...(isFile ? {} : { lesson: what }),
  };
  const began = performance.now();
  const listener = values.json === true ? jsonReport : textReport;
  const { cells: shown, ran } = await runNotebook(request, { paths, locale, engine }, listener, stops.signal);
  const failed = ran.filter(({ ok }) => !ok).length;
  const seconds = (performance.now() - began) / 1000;
  if (output !== undefined)
    await replaceFile(output, await exported(shown, output, { file, locale, paths, ...request }));
  if (values.json === true)
    line({ type: 'summary', cells: ran.length, failed, seconds: Math.round(seconds * 10) / 10 });
  return failed === 0 ? 0 : 1;
}

const jsonReport: NotebookListener = {
  shown: () => undefined,
  ended: ({ index, ok, milliseconds, error }) => {
    line({ type: 'cell', index, ok, milliseconds: Math.round(milliseconds) });
    if (error !== undefined) process.stderr.write(`${errorText(error)}\n`);
  },
};

const textReport: NotebookListener = {
  shown: (_, output) => {
    if (output.kind === 'stream') process[output.stream].write(plain(output.text));
    else if (output.kind === 'show') process.stdout.write(`${plain(textOf(output.items[TEXT_MIME]))}\n`);
  },
  ended: ({ error }) => {
    if (error !== undefined) process.stderr.write(`${errorText(error)}\n`);
  },
};

const textOf = (item: unknown): string => (typeof item === 'string' ? item : '');

const line = (value: object): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

async function exported(
  cells: readonly ShownCell[],
  output: string,
  { file, ...place }: Parameters<typeof drawingOf>[1] & { readonly file: string },
): Promise<string> {
  if (/\.ipynb$/i.test(output)) return toIpynb(cells);
  const title = path.basename(file, NOTEBOOK_SUFFIX);
  const drawing = await drawingOf(cells, place);
  return toHtml(cells, { title, language: place.locale, picture: pictureBeside(path.dirname(file)), drawing });
}

function usage(message: string): LabError {
  return badArgument(message, 'npm run notebook');
}
