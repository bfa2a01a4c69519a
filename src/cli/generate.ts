import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runNotebook, type NotebookListener, type NotebookRequest } from '../client/notebook/run';
import { LabError, toErrorData, type LabErrorData } from '../protocol/errors';
import { ensure } from '../setup/steps';
import { plain } from '../words/plain';
import { INTERRUPTED, terminalLocale, userPath, type CommandContext } from './context';
import { errorText } from './errorText';
import { badArgument } from './usage';

/** In place of a name: the model that set-up brings. */
const OWN = 'smollm2';

export const generateHelp = (): string =>
  l10n.t(
    `usage: npm run generate -- {0}|FILE.gguf|RUN --prompt TEXT [--chat] [--tokens N] [--temperature T]
                              [--top-k K] [--top-p P] [--seed N] [--runs DIR] [--json]

Writes on from a text with a language model. Ctrl+C stops.
  {0}          SmolLM2, which is fetched once (93 MB); or a GGUF file of yours of the LLaMA family
  RUN              a run that has trained on a text, by its id or its folder
  --runs DIR       where runs are looked for by their ids (default: .lab/runs in the clone)
  --prompt TEXT    what it begins with
  --chat           the prompt is a question, to be answered
  --tokens N       the most tokens that are written (default: 128)
  --temperature T  scores are divided by it; 0, the default, takes the likeliest token each time
  --top-k K        draw from the K likeliest tokens
  --top-p P        draw from the likeliest tokens that have the probability P together
  --seed N         of the draws (default: 1)
  --json           one line of JSON: {"type":"summary","text",...} or {"type":"error",...}`,
    OWN,
  );

export async function generate(args: readonly string[], { paths, stops }: CommandContext): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      prompt: { type: 'string' },
      chat: { type: 'boolean' },
      tokens: { type: 'string' },
      temperature: { type: 'string' },
      'top-k': { type: 'string' },
      'top-p': { type: 'string' },
      seed: { type: 'string' },
      runs: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const isJson = values.json === true;
  try {
    const [model, ...more] = positionals;
    if (model === undefined || more.length > 0) throw usage(l10n.t('Name one model: {0}, a GGUF file, or a run.', OWN));
    if (values.prompt === undefined) throw usage(l10n.t('Give a text to begin with: --prompt TEXT.'));
    const number = (name: 'tokens' | 'temperature' | 'top-k' | 'top-p' | 'seed'): number | undefined => {
      const text = values[name];
      if (text === undefined) return undefined;
      if (text.trim() === '' || Number.isNaN(Number(text)))
        throw usage(l10n.t('--{0} {1} is not a number.', name, text));
      return Number(text);
    };
    const options = {
      tokens: number('tokens'),
      temperature: number('temperature'),
      topK: number('top-k'),
      topP: number('top-p'),
      seed: number('seed'),
    };
    const { load, needs } = modelNamed(model);
    if (values.chat === true && needs.includes('data'))
      throw usage(l10n.t('A model of a run answers no questions: leave --chat out.'));
    await ensure(needs, { paths, signal: stops.signal });
    const prompt = values.chat === true ? [{ role: 'user', content: values.prompt }] : values.prompt;
    const runsDirectory = values.runs === undefined ? path.join(paths.root, '.lab', 'runs') : userPath(values.runs);
    return await run(cell({ load, prompt, options, isJson }), { paths, stops, runsDirectory }, isJson);
  } catch (error) {
    if (!isJson) throw error;
    return tell(toErrorData(error), true);
  }
}

/** How a cell loads what was named, and what that takes: of what is neither known nor a GGUF file, a run is meant. */
function modelNamed(name: string): { readonly load: string; readonly needs: Parameters<typeof ensure>[0] } {
  if (name === OWN) return { load: 'models.gguf()', needs: ['engine', 'languageModel'] };
  const file = userPath(name);
  const isFolder = fs.statSync(file, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === false || name.endsWith('.gguf'))
    return { load: `models.gguf(${JSON.stringify(file)})`, needs: ['engine'] };
  const isPlace = isFolder === true || path.basename(name) !== name;
  return { load: `models.run(${JSON.stringify(isPlace ? file : name)})`, needs: ['engine', 'data'] };
}

interface Asked {
  readonly load: string;
  readonly prompt: unknown;
  readonly options: object;
  readonly isJson: boolean;
}

/** What is asked for as a cell of a notebook: a kernel streams it, can be interrupted, and says what is wrong. */
function cell({ load, prompt, options, isJson }: Asked): string {
  const told = isJson
    ? `console.log(JSON.stringify({ type: 'summary', text, tokens, prompt_tokens, seconds, tokens_per_second }));`
    : `console.log();`;
  return `import { models } from 'deep-learning-lab';
const model = await ${load};
const prompt = ${JSON.stringify(prompt)};
let text = '', tokens = 0, first = 0;
const began = performance.now();
for await (const piece of model.generate(prompt, ${JSON.stringify(options)})) {
  if (tokens++ === 0) first = performance.now();
  text += piece.text;
  ${isJson ? '' : 'process.stdout.write(piece.text);'}
}
const seconds = (performance.now() - began) / 1000;
const tokens_per_second = tokens > 1 ? ((tokens - 1) * 1000) / (performance.now() - first) : null;
const prompt_tokens = typeof prompt === 'string' ? model.encode(prompt).length : null;
${told}`;
}

async function run(
  source: string,
  { paths, stops, runsDirectory }: CommandContext & Pick<NotebookRequest, 'runsDirectory'>,
  isJson: boolean,
): Promise<number> {
  let failed: LabErrorData | undefined;
  const listener: NotebookListener = {
    shown: (_, output) => {
      if (output.kind === 'stream') process[output.stream].write(isJson ? output.text : plain(output.text));
    },
    ended: ({ error }) => (failed = error),
  };
  const request: NotebookRequest = {
    notebook: path.join(paths.root, 'generate.lab.md'),
    runsDirectory,
    cells: [{ kind: 'code', language: 'typescript', text: source }],
  };
  await runNotebook(request, { paths, locale: terminalLocale() }, listener, stops.signal);
  return failed === undefined ? 0 : tell(failed, isJson);
}

/** The cell is ours: its places say nothing to who called. @returns the exit code */
function tell({ code, message, remedy, expected, found, details }: LabErrorData, isJson: boolean): number {
  const told = { remedy, expected, found, details };
  const known = Object.fromEntries(Object.entries(told).filter(([, text]) => text !== undefined));
  const error: LabErrorData = { code, message, ...known };
  if (isJson) process.stdout.write(`${JSON.stringify({ type: 'error', ...error })}\n`);
  process.stderr.write(`${errorText(error)}\n`);
  return error.code === 'CANCELLED' ? INTERRUPTED : 1;
}

function usage(message: string): LabError {
  return badArgument(message, 'npm run generate');
}
