import * as l10n from '@vscode/l10n';
import type { SizeStudy } from '../../protocol/pictures';
import { examples as examplesText, trainingExamples } from '../counts';
import { figure } from '../numbers';

type Row = SizeStudy['rows'][number];

/** The sentences that say what the study has shown so far. */
export function describeSizes({ rows, metric, label, referenceLabel }: Omit<SizeStudy, 'summary'>): string {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return '';
  const row = ({ examples, value, reference }: Row): string =>
    l10n.t(
      'With {0} "{1}" reaches {2} {3}, "{4}" {5}.',
      trainingExamples(examples),
      label,
      metric,
      figure(value),
      referenceLabel,
      figure(reference),
    );
  const sentences = first === last ? [row(first)] : [row(first), row(last)];
  const widest = widestGap(rows);
  if (widest !== undefined && rows.length > 2) {
    sentences.push(
      l10n.t(
        'The difference is largest with {0}: {1}.',
        examplesText(widest.examples),
        figure(Math.abs(gapOf(widest))),
      ),
    );
  }
  return sentences.join(' ');
}

function widestGap(rows: readonly Row[]): Row | undefined {
  const whole = rows.filter((row) => Number.isFinite(gapOf(row)));
  return whole.toSorted((a, b) => Math.abs(gapOf(b)) - Math.abs(gapOf(a)))[0];
}

const gapOf = ({ value, reference }: Row): number => (value ?? Number.NaN) - (reference ?? Number.NaN);
