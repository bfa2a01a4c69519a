/** The engine that every machine runs: TensorFlow.js on WebAssembly. */
import * as l10n from '@vscode/l10n';
import { loadWasm } from '../../learning/engine/wasm/load';
import { LearningError } from '../../learning/errors';
import { LabError } from '../../protocol/errors';
import type { EngineInfo } from '../../protocol/run';

/** @throws LabError ENGINE_LOAD_FAILED, ENGINE_PROBE_FAILED: the installation is incomplete, or Node lacks WebAssembly */
export async function loadWasmEngine(folder: string, reason: string): Promise<EngineInfo> {
  const remedy = l10n.t('Install the lab again; in a clone, run "npm run build".');
  try {
    const { kind, version } = await loadWasm({ folder });
    return { kind, package: `@tensorflow/tfjs-backend-wasm ${version}`, version, reason };
  } catch (error) {
    const fault = error instanceof LearningError ? error.fault : undefined;
    if (fault?.code === 'ENGINE_WRONG') {
      const message = l10n.t('The WebAssembly engine loads but computes wrong results.');
      const { expected, found } = fault;
      throw new LabError({ code: 'ENGINE_PROBE_FAILED', message, expected, found, remedy }, { cause: error });
    }
    throw new LabError(
      {
        code: 'ENGINE_LOAD_FAILED',
        message: l10n.t('The WebAssembly engine could not be loaded.'),
        found: error instanceof Error ? error.message : String(error),
        remedy,
        details: error instanceof Error ? (error.stack ?? error.message) : String(error),
      },
      { cause: error },
    );
  }
}
