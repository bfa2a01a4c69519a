import { ACTIVE_STATES } from '../../protocol/run';
import { execute, type CommandHandlers } from '../app/commands';
import { activeFile } from '../app/documents';
import type { RunHistory } from '../state/history';
import type { Stage } from '../state/stage';

/** Trains a model file again, with the curves of its last run beside the new ones. */
export function modelFileCommands(
  history: RunHistory,
  stage: Stage,
): Pick<CommandHandlers, 'deepLearningLab.compareWithLastRun'> {
  return {
    'deepLearningLab.compareWithLastRun': async (given) => {
      const file = given ?? activeFile();
      const runs = await history.list();
      const last = runs.find(({ record }) => record.modelFile === file && !ACTIVE_STATES.has(record.state));
      const before = new Set(runs.map(({ folder }) => folder));
      await execute('deepLearningLab.runModelFile', file);
      // Called off, or refused: nothing is compared.
      const begun = stage.shown;
      if (last !== undefined && begun !== undefined && !before.has(begun)) await stage.show(begun, [last.folder]);
    },
  };
}
