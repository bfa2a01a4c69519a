/** The ways by which code ends its process: for a learner's code they are errors of its own, with a place. */
import * as l10n from '@vscode/l10n';
import { LabError } from '../../protocol/errors';

/** @returns what really ends the process, for us */
export function refuseExits(): (code: number) => never {
  const { reallyExit } = process as NodeJS.Process & { readonly reallyExit: unknown };
  const exit = process.exit.bind(process);
  const kill = process.kill.bind(process);
  const refused = (call: string) => (): never => {
    throw exitCalled(call);
  };
  Object.assign(process, {
    exit: refused('process.exit()'),
    reallyExit: refused('process.reallyExit()'),
    abort: refused('process.abort()'),
    kill: (pid: number, signal?: string | number): true => {
      // 0 is asked whether it lives; 0 as an id is the whole group, this process with it.
      if (signal !== 0 && (pid === process.pid || pid === 0 || pid === -process.pid))
        throw exitCalled('process.kill()');
      return kill(pid, signal);
    },
  });
  return (code) => {
    Object.assign(process, { reallyExit });
    return exit(code);
  };
}

function exitCalled(call: string): LabError {
  return new LabError({
    code: 'MODEL_EXIT',
    message: l10n.t('The model file ends its process with {0}.', call),
    expected: l10n.t('code that returns, or throws an error'),
    found: call,
    remedy: l10n.t('Remove this call: the lab ends a run when its epochs are done, and "stopWhen" ends it earlier.'),
  });
}
