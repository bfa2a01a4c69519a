/**
 * Runs on a thread of its own, so that it keeps working while the learner's code blocks the main one. It shows that the
 * process lives, and ends it before it takes the machine's memory, or a core for ever.
 */
import fs from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { LabErrorData } from '../../protocol/errors';
import type { WatchdogData } from './watchdog';

const { heartbeatFile, failureFile, memoryLimitMB, blockedSeconds, outOfMemory, blocked, pulse } =
  workerData as WatchdogData;
const HEARTBEAT_MS = 2000;
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

/** Without its folder nobody can reach this process any more, or wants to; the other watches have to go on all the same. */
function restoreHeartbeat(): void {
  try {
    fs.writeFileSync(heartbeatFile, '', { mode: 0o600 });
  } catch {
    // Its absence is what the clients see.
  }
}

setInterval(() => {
  const now = new Date();
  try {
    fs.utimesSync(heartbeatFile, now, now);
  } catch {
    restoreHeartbeat();
  }
}, HEARTBEAT_MS);

setInterval(() => {
  const usedMB = process.memoryUsage.rss() / 2 ** 20;
  if (usedMB > memoryLimitMB) end({ ...outOfMemory, found: `${Math.round(usedMB)} MB` });
}, MEMORY_MS);

const beats = new Int32Array(pulse);
let last = -1;
let missed = 0;
// Counted, not timed: while the machine sleeps, neither thread runs.
setInterval(() => {
  const now = Atomics.load(beats, 0);
  missed = now === last ? missed + 1 : 0;
  last = now;
  if (missed >= blockedSeconds) end(blocked);
}, PULSE_MS);
