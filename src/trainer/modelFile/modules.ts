import * as l10n from '@vscode/l10n';
import { createRequire, isBuiltin } from 'node:module';
import * as lab from '../../lab';
import * as grading from '../../lab/grading';
import { LabError } from '../../protocol/errors';
import { trusting, trustingTensorflow } from './effects/hosts';

/** Models written for tfjs elsewhere import it under these names; all mean the engine that is loaded. */
const TENSORFLOW = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-converter',
];
const TENSORFLOW_NODE = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'];

/** What a model file sees of the lab that depends on who runs it. */
export interface Served {
  readonly tf: typeof lab.tf;
  readonly trained: typeof lab.trained;
  readonly experiment: typeof lab.experiment;
}

/** The `require` of a model file: the lab, TensorFlow.js, Node's own modules, packages beside the file. */
export function requireFor(file: string, { tf: plain, trained, experiment }: Served): (name: string) => unknown {
  const tf = trustingTensorflow(plain);
  const parts = { losses: trusting(lab.losses), metrics: trusting(lab.metrics), sound: trusting(lab.sound) };
  const served = new Map<string, unknown>([
    ['deep-learning-lab', { ...lab, ...parts, tf, trained, experiment, __esModule: true }],
    ['deep-learning-lab/grading', grading],
  ]);
  for (const name of [...TENSORFLOW, ...TENSORFLOW_NODE]) served.set(name, tf);
  served.set('@tensorflow/tfjs-data', tf.data);
  const requireBeside = createRequire(file);

  return (name) => {
    if (served.has(name)) return served.get(name);
    if (isBuiltin(name)) return requireBeside(name) as unknown;
    let resolved: string;
    try {
      resolved = requireBeside.resolve(name);
    } catch (error) {
      throw new LabError(
        {
          code: 'MODEL_IMPORT',
          message: l10n.t("The package '{0}' cannot be found from the model file.", name),
          found: name,
          remedy: l10n.t(
            "Install it in the model file's folder, or import what the lab offers from 'deep-learning-lab'.",
          ),
        },
        { cause: error },
      );
    }
    return requireBeside(resolved) as unknown;
  };
}
