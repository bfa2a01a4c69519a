import type { Outcome } from './checks';

export interface CheckOutcome extends Outcome {
  readonly title: string;
  readonly seconds: number;
}

/** The sums of all checks; `skipped` is named only when there is something to name. */
export function lastLine(outcomes: readonly Outcome[]): string {
  const sum = (key: 'passed' | 'failed' | 'skipped'): number =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const skipped = sum('skipped');
  return `${String(sum('passed'))} passed, ${String(sum('failed'))} failed${skipped > 0 ? `, ${String(skipped)} skipped` : ''}`;
}

export function summary(outcomes: readonly CheckOutcome[]): string {
  const width = Math.max(...outcomes.map(({ title }) => title.length));
  const number = (value: number): string => String(value).padStart(7);
  const rows = outcomes.map(
    ({ title, passed, failed, skipped, seconds }) =>
      `${title.padEnd(width)} ${number(passed)} ${number(failed)} ${number(skipped)} ${seconds.toFixed(1).padStart(8)}`,
  );
  const failures = outcomes.flatMap(({ title, failures: list }) => list.map((line) => `  ${title}: ${line}`));
  return [
    '',
    ...(failures.length > 0 ? ['Failed:', ...failures, ''] : []),
    `${''.padEnd(width)}  passed  failed skipped  seconds`,
    ...rows,
    '',
    lastLine(outcomes),
  ].join('\n');
}
