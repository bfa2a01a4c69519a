/** Which engine this process computes with: one, for its whole life. */
import * as l10n from '@vscode/l10n';
import { registerGradients } from '../../learning/gradients';
import { freezeAsKeras } from '../../learning/training/frozen';
import { LabError, toErrorData, type LabErrorData } from '../../protocol/errors';
import type { EngineOptions } from '../../protocol/launch';
import type { EngineInfo } from '../../protocol/run';
import { loadNativeEngine } from './native';
import { loadWasmEngine } from './wasm';

/**
 * Loads what the user has chosen. `auto` ends at no missing or broken native engine: the one that runs everywhere takes
 * its place and says why. The client alone can do without an engine for a GPU (`EngineOptions.gpu`).
 * @throws LabError ENGINE_*, where the engine that was chosen by name cannot be had, or no engine at all
 */
export async function chooseEngine({
  engine: { choice },
  wasmDirectory,
  unfit,
  gpu = false,
  gpuUnfit,
  ...where
}: EngineOptions): Promise<EngineInfo> {
  const native = async (): Promise<EngineInfo> => {
    const engine = await loadNativeEngine(where);
    return gpuUnfit === undefined ? engine : { ...engine, reason: reasonOf(gpuUnfit), instead: gpuUnfit };
  };
  const wasm = (reason: string): Promise<EngineInfo> => loadWasmEngine(wasmDirectory, reason);
  const loaded = await (async () => {
    if (choice === 'wasm') return await wasm(l10n.t('the setting, or the command line, asks for it'));
    if (choice === 'native') return await native();
    try {
      if (unfit !== undefined) throw new LabError(unfit);
      return await native();
    } catch (error) {
      if (gpu) throw error;
      const instead = toErrorData(error);
      return { ...(await wasm(reasonOf(instead))), instead };
    }
  })();
  // What both engines lack, and what both do otherwise than Keras.
  registerGradients();
  freezeAsKeras();
  return loaded;
}

const reasonOf = ({ code, message }: LabErrorData): string =>
  code === 'ENGINE_MISSING' ? l10n.t('TensorFlow is not installed on this machine') : message;
