import * as l10n from '@vscode/l10n';
import { LabError, type SourceLocation } from '../../protocol/errors';
import { closest } from '../../lab/didYouMean';

/** The exercise's declaration is not among the exports of what is graded. */
export function notExported(name: string, exported: readonly string[], source: string, file: string): LabError {
  const declared = new RegExp(`^[ \\t]*(?:async\\s+)?(?:function\\*?|const|let|var)\\s+${name}\\b`, 'm').exec(source);
  if (declared !== null) {
    return new LabError({
      code: 'EXERCISE_EXPORT',
      message: l10n.t("'{0}' is there, but not exported, so it cannot be checked.", name),
      expected: l10n.t("'export' before it"),
      found: declared[0].trim(),
      remedy: l10n.t("Write 'export' at the start of the line."),
      location: placeOf(source, file, declared.index),
    });
  }
  const others = exported.filter((other) => other !== 'default');
  const meant = closest(name, others);
  return new LabError({
    code: 'EXERCISE_EXPORT',
    message: l10n.t("'{0}' is not there any more.", name),
    expected: l10n.t('an export of this name'),
    found: others.join(', ') || l10n.t('no export'),
    remedy:
      meant === undefined
        ? l10n.t('Undo the change, or reset this exercise to get its declaration back; the rest of the file stays.')
        : l10n.t("It may be called '{0}' now: give it its name back.", meant),
    location: { file, line: 1, column: 1 },
  });
}

export function wrongKind(name: string, expected: string, found: string, source: string, file: string): LabError {
  const index = source.search(new RegExp(`\\bexport\\b[^\\n]*\\b${name}\\b`));
  return new LabError({
    code: 'EXERCISE_KIND',
    message: l10n.t("'{0}' is not what the exercise asks for.", name),
    expected,
    found,
    remedy: l10n.t('Undo the change, or reset this exercise to get its declaration back; the rest of the file stays.'),
    location: placeOf(source, file, Math.max(0, index)),
  });
}

/** The exercise itself is broken; the learner can do nothing about it. */
export function faultOfExercise(
  checksFile: string,
  reason: string,
  location?: SourceLocation,
  details?: string,
): LabError {
  return new LabError({
    code: 'EXERCISE_FAULT',
    message: l10n.t('The exercise itself is at fault: {0}', reason),
    remedy: l10n.t('Your code is not the cause. Install the extension again, or report the fault.'),
    location: location ?? { file: checksFile, line: 1, column: 1 },
    ...(details === undefined ? {} : { details }),
  });
}

function placeOf(source: string, file: string, index: number): SourceLocation {
  const before = source.slice(0, index).split('\n');
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
