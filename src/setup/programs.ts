/** Programs that set-up calls: found on the PATH, else installed where that is possible, else named to the user. */
import * as l10n from '@vscode/l10n';
import { canInstallPackages, installPackages } from './debian';
import { programMissing } from './errors';
import { CommandError, findProgram } from './process';
import type { SetupContext } from './context';
import { LabError } from '../protocol/errors';

export interface Program {
  /** As the user knows it, e.g. "A C++ compiler". */
  readonly name: string;
  /** Completes "it is needed to …". */
  readonly purpose: string;
  /** Names to look for, best first. */
  readonly candidates: readonly string[];
  /** Debian packages that bring it. */
  readonly packages: readonly string[];
  /** What a user does by hand, on any system. */
  readonly remedy: string;
}

/** @throws LabError SETUP_PROGRAM_MISSING */
export async function requireProgram(program: Program, context: SetupContext): Promise<string> {
  const found = findProgram(program.candidates, context.env);
  if (found !== undefined) return found;
  await installFor(program, context);
  const installed = findProgram(program.candidates, context.env);
  if (installed === undefined) throw programMissing(program.name, program.purpose, program.remedy);
  return installed;
}

/** Installs the packages of a program that is missing, or says what is missing. */
export async function installFor(program: Omit<Program, 'candidates'>, context: SetupContext): Promise<void> {
  if (!canInstallPackages(context.env)) throw programMissing(program.name, program.purpose, program.remedy);
  context.report?.update(l10n.t('installing {0}', program.packages.join(', ')));
  try {
    await installPackages(program.packages, { env: context.env, signal: context.signal });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { data } = programMissing(program.name, program.purpose, program.remedy);
    throw new LabError({ ...data, details: error.output }, { cause: error });
  }
}
