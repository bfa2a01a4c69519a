/**
 * The trainer's program.
 *   node trainer.js                    serves clients as the environment says (protocol/launch.ts)
 *   node trainer.js --probe DIRECTORY [PREPARE]
 *       loads the engine in DIRECTORY, prints what it is as one line of JSON; PREPARE is what prepares one, for errors
 */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import { defaultCache } from '../files/cache';
import { serveModels } from '../lab/models/serve';
import { LabError, toErrorData } from '../protocol/errors';
import { LAUNCH_VARIABLE, PREPARE_IN_CLONE, type LaunchOptions } from '../protocol/launch';
import { setLocale } from '../words/numbers';
import { chooseEngine } from './engine/choose';
import { loadNativeEngine } from './engine/native';
import { refuseExits } from './guard/exits';
import { ggufLoader } from './language/gguf';
import { loadRun } from './language/run';
import { log } from './log';
import { TeedOutput } from './output';
import { placesIn } from './modelFile/unheard';
import { TrainerService } from './server/service';
import { startWatchdog } from './watchdog/watchdog';

async function probe(directory: string, prepareEngine = PREPARE_IN_CLONE): Promise<number> {
  const where = { engineDirectories: [directory], prepareEngine, cacheDirectory: defaultCache() };
  try {
    const engine = await loadNativeEngine(where);
    // One that was prepared for a GPU and computes with the processor is not what was asked for.
    if (engine.instead !== undefined) throw new LabError(engine.instead);
    process.stdout.write(`${JSON.stringify({ ok: true, engine })}\n`);
    return 0;
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ ok: false, error: toErrorData(error) })}\n`);
    return 1;
  }
}

async function serve(options: LaunchOptions): Promise<number> {
  setLocale(options.locale);
  if (options.l10nBundle !== undefined) l10n.config({ fsPath: options.l10nBundle });
  const { failureFile, interruptFile, blockedFile, memoryLimitMB, blockedSeconds } = options;
  const watchdog = startWatchdog({ failureFile, interruptFile, blockedFile, memoryLimitMB, blockedSeconds }, placesIn);
  try {
    const engine = await chooseEngine(options);
    serveModels({ gguf: ggufLoader(options), run: loadRun });
    const output = new TeedOutput();
    const trainer = new TrainerService(options, engine, { log: logFault, watchdog, output });
    for (const event of ['uncaughtException', 'unhandledRejection'])
      process.on(event, (error) => {
        trainer.unheard(error);
      });
    if (await trainer.listen()) {
      await trainer.stopped;
    }
    return 0;
  } catch (error) {
    logFault('start', error);
    leaveFailure(options.failureFile, error);
    return 1;
  }
}

/** For the client that started us. Where it cannot be written, the log has to do. */
function leaveFailure(file: string, error: unknown): void {
  try {
    fs.writeFileSync(file, JSON.stringify(toErrorData(error)), { mode: 0o600 });
  } catch (fault) {
    logFault('start', fault);
  }
}

function logFault(what: string, error: unknown): void {
  log('trainer', `${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
}

async function main(): Promise<number> {
  const probed = process.argv.indexOf('--probe');
  if (probed >= 0) return probe(process.argv[probed + 1] ?? '', process.argv[probed + 2]);
  const launch = process.env[LAUNCH_VARIABLE];
  if (launch === undefined) {
    process.stderr.write(`${LAUNCH_VARIABLE} is not set: a trainer is started by the lab, not by hand.\n`);
    return 2;
  }
  // The learner's code and its children have no business with it.
  Reflect.deleteProperty(process.env, LAUNCH_VARIABLE);
  return serve(JSON.parse(launch) as LaunchOptions);
}

const exit = refuseExits();
void main().then(exit);
