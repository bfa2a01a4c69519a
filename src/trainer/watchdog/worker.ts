/**
 * Runs on a thread of its own, so that it keeps working while the learner's code blocks the main one.
 * It shows that the process lives, and ends it before it takes the machine's memory.
 */
import fs from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { WatchdogOptions } from './watchdog';

const { heartbeatFile, failureFile, memoryLimitMB, outOfMemory } = workerData as WatchdogOptions;
const HEARTBEAT_MS = 2000;
const MEMORY_MS = 250;

setInterval(() => {
  const now = new Date();
  try {
    fs.utimesSync(heartbeatFile, now, now);
  } catch {
    fs.writeFileSync(heartbeatFile, '');
  }
}, HEARTBEAT_MS);

setInterval(() => {
  const usedMB = process.memoryUsage.rss() / 2 ** 20;
  if (usedMB <= memoryLimitMB) return;
  fs.writeFileSync(failureFile, JSON.stringify({ ...outOfMemory, found: `${Math.round(usedMB)} MB` }));
  // process.exit would only end this thread.
  process.kill(process.pid, 'SIGKILL');
}, MEMORY_MS);
