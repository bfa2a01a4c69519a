import type { Outcome } from './results';

export interface CheckOutcome extends Outcome {
  readonly title: string;
  readonly seconds: number;
}

/** The sums of all checks, in the form that CI reads. What was skipped stands in the table. */
export function lastLine(outcomes: readonly Outcome[]): string {
  const sum = (key: 'passed' | 'failed'): number => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  return `${String(sum('passed'))} passed, ${String(sum('failed'))} failed`;
}

export function summary(outcomes: readonly CheckOutcome[]): string {
  const width = Math.max(...outcomes.map(({ title }) => title.length));
  const number = (value: number): string => String(value).padStart(7);
  const rows = outcomes.map(
    ({ title, passed, failed, skipped, seconds }) =>
      `${title.padEnd(width)} ${number(passed)} ${number(failed)} ${number(skipped)} ${seconds.toFixed(1).padStart(8)}`,
  );
  const failures = outcomes.flatMap(({ title, failures: list }) => list.map((line) => `  ${title}: ${line}`));
  const longest = outcomes
    .flatMap(({ longest: list = [] }) => list)
    .map(({ title, seconds }) => `${seconds.toFixed(1).padStart(8)} s  ${title}`);
  const left = outcomes.flatMap(({ title, left: list }) =>
    list === undefined ? [] : `  ${title}: ${list.join(', ')}`,
  );
  return [
    '',
    ...(longest.length > 0 ? ['Longest:', ...longest, ''] : []),
    ...(left.length > 0 ? ['Left behind by tests (ended with their process):', ...left, ''] : []),
    ...(failures.length > 0 ? ['Failed:', ...failures, ''] : []),
    `${''.padEnd(width)}  passed  failed skipped  seconds`,
    ...rows,
    '',
    lastLine(outcomes),
  ].join('\n');
}
