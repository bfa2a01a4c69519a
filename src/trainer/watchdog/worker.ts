/**
 * Runs on a thread of its own, so that it keeps working while the learner's code blocks the main one. It ends the
 * process before it takes the machine's memory, or a core for ever.
 */
import fs from 'node:fs';
import inspector from 'node:inspector';
import { workerData } from 'node:worker_threads';
import type { LabErrorData } from '../../protocol/errors';
import { PULSE, ticketNumber } from './pulse';
import { mainThreadPlaces } from './stack';
import type { WatchdogData } from './watchdog';

const { failureFile, interruptFile, blockedFile, memoryLimitMB, blockedSeconds, pulse, ...words } =
  workerData as WatchdogData;
const { outOfMemory, blocked, blockedIdle, blocking } = words;
const MEMORY_MS = 250;
const PULSE_MS = 1000;

function end(reason: LabErrorData): void {
  try {
    fs.writeFileSync(failureFile, JSON.stringify(reason), { mode: 0o600 });
  } finally {
    // process.exit would only end this thread.
    process.kill(process.pid, 'SIGKILL');
  }
}

setInterval(() => {
  const usedMB = process.memoryUsage.rss() / 2 ** 20;
  if (usedMB > memoryLimitMB) end({ ...outOfMemory, found: `${Math.round(usedMB)} MB` });
}, MEMORY_MS);

/** Seconds. */
const LOOKED_AT_AFTER = 2;
/** Nothing that the trainer does between two pieces of work takes so long. */
const BLOCKED_IDLE_SECONDS = 10;

const shared = new Int32Array(pulse);
let last = -1;
let missed = 0;
let where: Pick<LabErrorData, 'location' | 'trace'> = {};
// Counted, not timed: while the machine sleeps, neither thread runs.
setInterval(() => {
  const now = Atomics.load(shared, PULSE.beats);
  if (missed >= LOOKED_AT_AFTER && now !== last) fs.rmSync(blockedFile, { force: true });
  missed = now === last ? missed + 1 : 0;
  last = now;
  const isWorking = Atomics.load(shared, PULSE.working) === 1;
  if (missed === LOOKED_AT_AFTER) void look();
  if (missed >= (isWorking ? blockedSeconds : BLOCKED_IDLE_SECONDS))
    end({ ...(isWorking ? blocked : blockedIdle), ...where });
}, PULSE_MS);

/** Where the main thread was when it had been blocked for a while: for whoever ends the process, we or a client. */
async function look(): Promise<void> {
  const [location, ...others] = await mainThreadPlaces();
  where = location === undefined ? {} : { location, trace: [location, ...others] };
  if (location === undefined || missed < LOOKED_AT_AFTER) return;
  fs.writeFileSync(blockedFile, JSON.stringify({ ...blocking, ...where }), { mode: 0o600 });
}

/** A cell that blocks the main thread is ended there, so that its process and what it holds live on. */
setInterval(() => {
  let ticket: string;
  try {
    ticket = fs.readFileSync(interruptFile, 'utf8');
    fs.rmSync(interruptFile, { force: true });
  } catch {
    return; // nobody asks for it
  }
  if (Atomics.load(shared, PULSE.cell) !== ticketNumber(ticket)) return;
  const session = new inspector.Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => {
    session.disconnect();
  });
}, MEMORY_MS);
