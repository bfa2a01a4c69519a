import fs from 'node:fs';

/**
 * A line in the trainer's own log. Not through process.stderr, which is shown to the learner as their output. Where the
 * log cannot be written, a full disk for instance, the line is lost and nothing else.
 */
export function log(what: string, text: string): void {
  try {
    fs.writeSync(process.stderr.fd, `[${what}] ${text}\n`);
  } catch {
    // nobody else to tell
  }
}
