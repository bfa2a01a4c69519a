/** A second client, in a process of its own: finds a run whose trainer is dead and writes how it ended, as a window does. */
import { settleDeadRun } from '../../src/host/state/settle';

void settleDeadRun(process.argv[2] ?? '', true).then(({ state }) => process.stdout.write(`${state}\n`));
