import type { LoadContext } from '../dataset';

/** Something the learner should know although the loading goes on. The trainer shows what is on stderr. */
export function notice({ warn }: LoadContext, text: string): void {
  if (warn === undefined) process.stderr.write(`${text}\n`);
  else warn(text);
}
