/** Errors that nobody awaits: thrown in a timer, or a promise that was left alone. They are the learner's, with a place. */
import * as l10n from '@vscode/l10n';
import { LabError, type SourceLocation } from '../../protocol/errors';
import { describeModelError, threwText, type Origin } from './errors';

/** What was loaded last comes first; whose timers are still there is not known. */
const origins: Origin[] = [];
const REMEMBERED = 8;

export function remember(origin: Origin): void {
  origins.unshift(origin);
  origins.length = Math.min(origins.length, REMEMBERED);
}

/** The frames of a stack, as text, that lie in the learner's files, innermost first. */
export function placesIn(stack: string): readonly SourceLocation[] {
  return origins.map(({ places }) => places.inStack(stack)).find((found) => found.length > 0) ?? [];
}

/** @returns the error as the learner's; one of ours as it is */
export function describeUnheard(thrown: unknown): unknown {
  const origin = origins.find(({ places }) => places.locate(thrown).length > 0) ?? origins[0];
  if (origin === undefined) return thrown;
  const error = describeModelError(thrown, origin);
  if (error instanceof LabError || !(error instanceof Error) || isOurs(error)) return error;
  // Node's own functions answer later, without a frame of whoever called them.
  return new LabError(
    {
      code: 'MODEL_THREW',
      message: threwText(error, origin),
      remedy: l10n.t('Nothing awaited it: put "await" before the call, or catch its error.'),
      details: error.stack ?? error.message,
    },
    { cause: error },
  );
}

const isOurs = ({ stack = '' }: Error): boolean => stack.includes(__filename);
