/** `npm test -- --each`: whether a test passes when nothing ran before it. */
import { outcomeOf, type RunContext, type Suite } from './processes';
import type { Outcome } from './results';

/** The `part`-th, from 1, of a list that is cut into `parts`. */
export interface Slice {
  readonly part: number;
  readonly parts: number;
}

export async function runEach(
  suite: Suite,
  context: RunContext,
  { part, parts }: Slice,
  say: (text: string) => void = console.log,
): Promise<Outcome> {
  const listed = await suite({ ...context, dry: true });
  if (!listed.complete) return outcomeOf(listed, false);
  const titles = [...new Set(listed.tests.map(({ title }) => title))].filter((_, i) => i % parts === part - 1);
  const outcomes: Outcome[] = [];
  for (const [i, title] of titles.entries()) {
    if (context.signal.aborted) break;
    say(`\n${String(i + 1)} of ${String(titles.length)}: ${title}`);
    const outcome = outcomeOf(await suite({ ...context, seed: undefined, grep: exactly(title) }), false);
    outcomes.push({
      ...outcome,
      failures: outcome.failures.map((line) => (line.startsWith(title) ? line : `${title}: ${line}`)),
    });
  }
  const sum = (key: 'passed' | 'failed' | 'skipped'): number => outcomes.reduce((total, { [key]: n }) => total + n, 0);
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
}

/** mocha's --grep is an expression that is looked for in the whole title. */
const exactly = (title: string): string => `^${title.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}$`;
