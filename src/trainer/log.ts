import fs from 'node:fs';

/** A line in the trainer's own log. Not through process.stderr, which is shown to the learner as their output. */
export function log(what: string, text: string): void {
  fs.writeSync(process.stderr.fd, `[${what}] ${text}\n`);
}
