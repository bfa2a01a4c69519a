/** Where the main thread is, asked from another one: it is held for a moment, also in a loop that never ends. */
import inspector from 'node:inspector';
import { setTimeout as delay } from 'node:timers/promises';
import type { SourceLocation } from '../../protocol/errors';
import { PLACES } from './pulse';

/** A native call cannot be held; what follows it can. */
const PATIENCE_MS = 2000;

/** Places in the learner's files, innermost first; none when it cannot be held now, or runs code of nobody's. */
export async function mainThreadPlaces(): Promise<readonly SourceLocation[]> {
  const session = new inspector.Session();
  const ended = new AbortController();
  session.connectToMainThread();
  try {
    return await Promise.race([placesOf(session, ended.signal), delay(PATIENCE_MS, [])]);
  } finally {
    ended.abort();
    session.disconnect();
  }
}

/** @param ended The session is closed, which lets the main thread go on: what it still says comes too late to answer. */
function placesOf(session: inspector.Session, ended: AbortSignal): Promise<readonly SourceLocation[]> {
  return new Promise((resolve) => {
    const scripts = new Map<string, string>();
    session.on('Debugger.scriptParsed', ({ params }) => {
      scripts.set(params.scriptId, params.url);
    });
    session.on('Debugger.paused', ({ params }) => {
      if (ended.aborted) return;
      const stack = params.callFrames.map(
        ({ location: { scriptId, lineNumber, columnNumber = 0 } }) =>
          `at (${scripts.get(scriptId) ?? ''}:${String(lineNumber + 1)}:${String(columnNumber + 1)})`,
      );
      const expression = `globalThis[Symbol.for('${PLACES}')](${JSON.stringify(stack.join('\n'))})`;
      session.post('Runtime.evaluate', { expression, returnByValue: true }, (error, answer) => {
        if (ended.aborted) return;
        session.post('Debugger.resume');
        const places = error === null ? (answer.result.value as readonly SourceLocation[] | undefined) : undefined;
        resolve(places ?? []);
      });
    });
    session.post('Debugger.enable');
    session.post('Debugger.pause');
  });
}
