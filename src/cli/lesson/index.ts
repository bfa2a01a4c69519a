import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findLesson, readCatalogue } from '../../client/lessons/catalogue';
import { analyse } from '../../client/source/analyse';
import { anchorOf } from '../../client/source/anchors';
import { LabError, toErrorData, type LabErrorData } from '../../protocol/errors';
import type { Lesson } from '../../protocol/lesson';
import { INTERRUPTED, terminalLocale, userPath, type CommandContext } from '../context';
import { engineNamed, ensureFor } from '../engines';
import { errorText } from '../errorText';
import { badArgument } from '../usage';
import { plain } from '../../words/plain';
import { JsonReport, TextReport } from './report';
import { consent } from './silent';
import { train, type TrainingRequest } from './train';

export const lessonHelp = (): string =>
  l10n.t(`usage: npm run lesson -- ID [--epochs N] [--model FILE] [--data DIR] [--runs DIR] [--engine NAME] [--eager]
                              [--end-silent] [--json]

Trains a lesson's model file without VS Code. Ctrl+C stops after the current step.
  ID            a lesson; without one, the lessons are listed
  --epochs N    train N epochs instead of what the file says
  --model FILE  train this model file; ID may be left out then
  --data DIR    a folder of yours with data sets, as for the setting deepLearningLab.data.directory
  --runs DIR    where the run's folder is made (default: .lab/runs in the clone)
  --engine NAME auto, native or wasm: TensorFlow where it can be had, TensorFlow, or WebAssembly, which needs nothing
  --eager       take each step operation by operation, as tfjs does, not as one compiled graph: slower, the same
                figures; the run's record says which
  --end-silent  end a trainer of this folder that does not answer, instead of asking
  --json        one JSON object a line: {"type":"epoch",...} and last {"type":"summary",...} or {"type":"error",...};
                {"type":"size",...} for each number of examples where the model file names "sizes",
                {"type":"modelSize",...} for each of its "modelSizes";
                with "npm run --silent lesson" nothing else is on stdout`);

export async function lesson(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      epochs: { type: 'string' },
      model: { type: 'string' },
      data: { type: 'string' },
      runs: { type: 'string' },
      engine: { type: 'string' },
      eager: { type: 'boolean' },
      'end-silent': { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  const [id, ...more] = positionals;
  if (more.length > 0) throw usage(l10n.t('One lesson at a time, not also: {0}', more.join(', ')));
  if (id === undefined && values.model === undefined) return list(context);
  const { stdout, stderr } = process;
  const json = values.json === true ? new JsonReport(stdout, stderr) : undefined;
  try {
    const known = id === undefined ? undefined : await findLesson(context.paths, id, terminalLocale());
    const request = requestOf(known, values, context);
    const further =
      known?.needsLanguageModel === true && values.model === undefined ? (['languageModel'] as const) : [];
    await ensureFor(request.engine, ['data', ...further], context);
    const { record } = await train(request, json ?? new TextReport(stdout), context.stops);
    const { reason, error } = record.end ?? {};
    // Who ended a trainer that was blocked is told by what.
    if (reason === 'killed' && error !== undefined) stderr.write(`${errorText(error)}\n`);
    if (reason === 'stoppedByUser' || reason === 'killed') return INTERRUPTED;
    if (error !== undefined) throw new LabError(atItsField(error));
    return record.state === 'finished' ? 0 : 1;
  } catch (error) {
    if (json === undefined) throw error;
    const data = toErrorData(error);
    json.error(data);
    stderr.write(`${errorText(data)}\n`);
    return data.code === 'CANCELLED' ? INTERRUPTED : 1;
  }
}

/** An experiment checks its fields from outside; the text tells where the field stands. */
function atItsField(error: LabErrorData): LabErrorData {
  const { location, field } = error;
  if (location === undefined || field === undefined || !fs.existsSync(location.file)) return error;
  const text = fs.readFileSync(location.file, 'utf8');
  const { line, column } = anchorOf(text, analyse(text), error).start;
  return { ...error, location: { file: location.file, line, column } };
}

interface Arguments {
  readonly epochs?: string;
  readonly model?: string;
  readonly data?: string;
  readonly runs?: string;
  readonly engine?: string;
  readonly eager?: boolean;
  readonly json?: boolean;
  readonly 'end-silent'?: boolean;
}

/** @throws LabError EXPERIMENT_INVALID */
function requestOf(
  known: Lesson | undefined,
  { epochs, model, data, runs, engine, eager, json, 'end-silent': endSilent }: Arguments,
  { paths, stops }: CommandContext,
): TrainingRequest {
  const locale = terminalLocale();
  const own = known === undefined ? '' : path.join(known.folder, known.model);
  return {
    paths,
    locale,
    consent: consent(
      endSilent === true,
      // With --json whoever reads is a program.
      json === true ? undefined : { input: process.stdin, output: process.stdout },
      stops.signal,
    ),
    modelFile: model === undefined ? own : userPath(model),
    runsDirectory: runs === undefined ? path.join(paths.root, '.lab', 'runs') : userPath(runs),
    ...(data === undefined ? {} : { dataDirectory: userPath(data) }),
    engine: engineNamed(engine, 'npm run lesson'),
    ...(known === undefined ? {} : { lesson: known.id }),
    overrides: {
      ...(epochs === undefined ? {} : { epochs: parseEpochs(epochs) }),
      ...(eager === true ? { compile: false } : {}),
    },
  };
}

function parseEpochs(text: string): number {
  const epochs = Number(text);
  if (/^\d+$/.test(text) && epochs >= 1) return epochs;
  throw usage(l10n.t('--epochs {0} is not a number of epochs; give a whole number of at least 1.', text));
}

function usage(message: string): LabError {
  return badArgument(message, 'npm run lesson');
}

async function list({ paths }: CommandContext): Promise<number> {
  const { lessons, problems } = await readCatalogue(paths, terminalLocale());
  console.log(lessonHelp());
  console.log(`\n${l10n.t('Lessons:')}`);
  const width = Math.max(0, ...lessons.map(({ id }) => id.length));
  for (const { id, title, minutes } of lessons) {
    console.log(plain(`  ${id.padEnd(width)}  ${l10n.t('{0} ({1} min)', title, minutes)}`));
  }
  for (const problem of problems) console.error(errorText(problem));
  return 1;
}
