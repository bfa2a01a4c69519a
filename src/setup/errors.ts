/** What can go wrong while a machine is prepared, each with the one thing to do about it. */
import * as l10n from '@vscode/l10n';
import { LabError } from '../protocol/errors';

/** A program is not there and could not be installed. `remedy` names the package or the command that brings it. */
export function programMissing(program: string, purpose: string, remedy: string): LabError {
  return new LabError({
    code: 'SETUP_PROGRAM_MISSING',
    message: l10n.t('{0} was not found; it is needed to {1}.', program, purpose),
    remedy,
  });
}

export function stepFailed(message: string, remedy: string, details?: string, cause?: unknown): LabError {
  return new LabError(
    { code: 'SETUP_STEP_FAILED', message, remedy, ...(details === undefined || details === '' ? {} : { details }) },
    { cause },
  );
}

export function cancelled(): LabError {
  return new LabError({
    code: 'CANCELLED',
    message: l10n.t('Stopped.'),
    remedy: l10n.t('Run the command again to continue; what was done so far is kept.'),
  });
}

/** Faults of the disk look alike in every step, so they are explained in one place. */
export function explainFileError(error: unknown, folder: string): unknown {
  if (error instanceof LabError) return ranOutOfSpace(error) ? noSpace(folder, error.data.details, error) : error;
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return noSpace(folder, message, error);
  // Node calls it ENOENT when a folder and those above it cannot be made on a file system that is read-only.
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || (code === 'ENOENT' && syscall === 'mkdir')) {
    return stepFailed(
      l10n.t('{0} cannot be written.', folder),
      l10n.t(
        'Give yourself the right to write there, or let DEEP_LEARNING_LAB_CACHE name another folder, and run the command again.',
      ),
      message,
      error,
    );
  }
  if (code === 'ENOTDIR' || (code === 'EEXIST' && syscall === 'mkdir')) {
    return stepFailed(
      l10n.t('{0} cannot be made: a file is in its place.', folder),
      l10n.t('Move the file away, or let DEEP_LEARNING_LAB_CACHE name another folder, and run the command again.'),
      message,
      error,
    );
  }
  return error;
}

/** pip, npm and compilers tell it in what they print. */
function ranOutOfSpace({ cause, data }: LabError): boolean {
  const printed = cause instanceof Error && cause.name === 'CommandError';
  return printed && /no space left on device|disk quota exceeded|\bENOSPC\b/i.test(data.details ?? '');
}

function noSpace(folder: string, details: string | undefined, cause: unknown): LabError {
  return stepFailed(
    l10n.t('There is no space left in {0}.', folder),
    l10n.t('Free 3 GB there, or let DEEP_LEARNING_LAB_CACHE name a folder with more space, and run the command again.'),
    details,
    cause,
  );
}
